/**
 * The weights that every row meets: embeddings, normalisations, projections, networks without experts, and the head.
 *
 * <pre>
 *   checkpoint's tensors --> DenseTensors --+--> EmbeddingTable   token -> row
 *                            checks all,    +--> Norm             row -> row
 *                            then reads     +--> Projection       rows -> rows, on the kernels of the experts
 *                                           +--> GatedMlp         rows -> rows
 * </pre>
 *
 * Weights are kept as the checkpoint stores them; what they are multiplied with is float32. An embedding is read when its token comes.
 */
package org.expertgrid.decoder.dense;
