/**
 * Weights in fewer bits than they are stored in, because a user asks for it, and what that costs.
 *
 * <pre>
 *   MoeWeights ---> NarrowedWeights: an expert is narrowed when it is asked for ---> a deployment, or a layer
 *                        |
 *                        v
 *                   NarrowingErrors: of each kind of matrix, and of the layer's output on random rows
 * </pre>
 */
package org.expertgrid.checkpoints.narrowing;
