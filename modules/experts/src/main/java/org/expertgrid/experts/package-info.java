/**
 * The Mixture-of-Experts layer in one JVM: the reference that every other way of computing it is held against, and the
 * parts that the other ways are built of.
 *
 * <pre>
 *   x             a row for each token
 *   |
 *   v
 *   Router        softmax(x Wr + br), the top-k of each row, their probabilities divided by their sum
 *   |
 *   v
 *   Routing       expert 0: rows 0, 2           expert 1: none     expert 2: rows 0, 1      each with its gate
 *   |                   |                                                |
 *   v                   v                                                v
 *   experts       relu(x W1 + b1) W2 + b2                          relu(x W1 + b1) W2 + b2
 *   |                   |                                                |
 *   v                   v                                                v
 *   y             gate * result  ----------------- + --------------- gate * result           a row for each of x
 * </pre>
 *
 * Rows are tokens, everywhere. {@link org.expertgrid.experts.layers.Layer} is what turns rows into rows; the layers are
 *
 * <ul>
 *   <li>{@link org.expertgrid.experts.layers.Linear} and {@link org.expertgrid.experts.layers.Expert}, one and two matrix products;
 *   <li>{@link org.expertgrid.experts.layers.SimpleMoe}, the picture above read token by token: slow, and easy to believe;
 *   <li>{@link org.expertgrid.experts.layers.BatchedMoe}, all rows of an expert at once and on all cores: the same bits for one
 *       or two experts a row, and the same numbers to rounding for more.
 * </ul>
 *
 * Under BatchedMoe, and under the workers of a cluster, lie {@link org.expertgrid.experts.layers.GatedExperts} (both products and the
 * gated sum in one pass), {@link org.expertgrid.experts.layers.ColumnParallel} (one product, by column slices), and
 * {@link org.expertgrid.experts.threads.ThreadTeam}, which shares the work of one call among threads without ever needing more
 * than the caller's own.
 *
 * {@link org.expertgrid.experts.layers.Agreement} says how closely what they give has to agree.
 *
 * <h2>Weights</h2>
 *
 * {@link org.expertgrid.experts.weights.MoeWeights} hands out an expert at a time: drawn as the seed draws them, read from a
 * directory of {@code .npy} files ({@link org.expertgrid.experts.npy.NpyFile}), or given in memory.
 *
 * <h2>Randomness</h2>
 *
 * Comes from one place: {@link org.expertgrid.experts.numpy.NamedRandomStates}, an object that is passed in, whose generators are
 * NumPy's ({@link org.expertgrid.experts.numpy.RandomState}). The router's weights are drawn from 'router', the experts' from
 * 'expert', rows from 'testing'; the order of the draws is part of the model. Nothing else in here is random, and routing does
 * not depend on kernel, batch or machine: the same row goes to the same experts with the same gates, to the last bit.
 */
package org.expertgrid.experts;
