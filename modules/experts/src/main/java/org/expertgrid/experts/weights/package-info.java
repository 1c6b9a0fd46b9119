/**
 * The parts of a layer, and the sources of its numbers.
 *
 * <pre>
 *   MoeShape ----has----> ExpertShape --matrices()--> ExpertMatrix (MatrixRole, inputs, outputs) ...
 *      ^                      ^
 *   MoeWeights --expert(e)--> ExpertWeights --matrix(role)--> LinearWeights: WeightMatrix in its stored format, bias or null
 *      |
 *      +-- RandomWeights (the seed's draws), MemoryWeights; module checkpoints has those of files
 * </pre>
 *
 * Shapes are values without numbers: they can be sent, compared, and used to plan memory before anything is read.
 * {@link org.expertgrid.experts.weights.MoeWeights#expert} is asked for each expert once, in ascending order, the shared experts last, so
 * that a layer larger than the memory can pass through.
 */
package org.expertgrid.experts.weights;
