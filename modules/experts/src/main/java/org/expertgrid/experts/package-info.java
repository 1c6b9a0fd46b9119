/**
 * The Mixture-of-Experts layer in one JVM: the reference that every other way of computing it is held against, and the
 * parts that the other ways are built of.
 *
 * <pre>
 *   x             a row for each token
 *   |
 *   v
 *   Router        a rule makes scores of x Wr + br, chooses the best experts of each row, and gives each a gate
 *   |
 *   v
 *   Routing       expert 0: rows 0, 2           expert 1: none     expert 2: rows 0, 1      each with its gate
 *   |                   |                                                |
 *   v                   v                                                v
 *   experts       activation(x W1 + b1) W2 + b2, or (silu(x Wg) * (x Wu)) Wd, or another of that kind
 *   |                   |                                                |
 *   v                   v                                                v
 *   y             gate * result  ----------------- + --------------- gate * result           a row for each of x
 * </pre>
 *
 * Rows are tokens, everywhere. The rooms, each of which uses only those above it:
 *
 * <pre>
 *   errors     what callers catch; Problems collects what is wrong with an argument
 *   threads    ThreadTeam shares the work of one call
 *   numpy      NumPy's generator, by name
 *   routing    RouterRule (how to choose, a value), RouterWeights, Router, Routing
 *   weights    MoeShape, ExpertShape (what an expert computes, a value), MoeWeights (where the numbers come from)
 *   layers     Layer and what implements it: Linear, Expert, SimpleMoe, BatchedMoe; GatedExperts; Agreement
 * </pre>
 *
 * <h2>A layer as three values</h2>
 *
 * <ul>
 *   <li>{@link org.expertgrid.experts.routing.RouterRule} says how a row gets from its logits to experts and gates: score function, bias that
 *       only chooses, groups, top-k, divisor, scale, and whether a gate multiplies the input or the output of its expert.
 *   <li>{@link org.expertgrid.experts.weights.ExpertShape} says what an expert computes: plain or gated, activation, biases or none, and which
 *       matrices it has.
 *   <li>{@link org.expertgrid.experts.weights.MoeShape} says how many experts there are. Shared experts are experts that every row goes to;
 *       their numbers follow those of the others, so whatever handles experts by number handles them too.
 * </ul>
 *
 * The seed's layer is one such combination: {@code RouterRule.seed(topK)} and {@code ExpertShape.seed(...)}.
 *
 * <h2>Layers</h2>
 *
 * <ul>
 *   <li>{@link org.expertgrid.experts.layers.Linear} and {@link org.expertgrid.experts.layers.Expert}, one matrix product and an expert's;
 *   <li>{@link org.expertgrid.experts.layers.SimpleMoe}, the picture above read token by token: slow, and easy to believe;
 *   <li>{@link org.expertgrid.experts.layers.BatchedMoe}, all rows of an expert at once and on all cores: the same bits for one
 *       or two experts a row, and the same numbers to rounding for more.
 * </ul>
 *
 * Under BatchedMoe, and under the workers of a cluster, lie {@link org.expertgrid.experts.layers.GatedExperts} (all products and the
 * gated sum in one pass) and {@link org.expertgrid.experts.layers.ColumnParallel} (one product, by column slices). A
 * {@link org.expertgrid.experts.threads.ThreadTeam} shares the work of one call among threads without ever needing more
 * than the caller's own. {@link org.expertgrid.experts.layers.Agreement} says how closely results have to agree.
 *
 * <h2>Weights</h2>
 *
 * {@link org.expertgrid.experts.weights.MoeWeights} hands out an expert at a time: drawn as the seed draws them, given in memory, or read
 * from files by module checkpoints. The format that weights are stored in ({@code WeightMatrix.format()}) and the type that a layer is computed in
 * ({@code MoeWeights.elementType()}) are two things: weights in few bits are computed in float32.
 *
 * <h2>Randomness</h2>
 *
 * Comes from one place: {@link org.expertgrid.experts.numpy.NamedRandomStates}, an object that is passed in, whose generators are
 * NumPy's ({@link org.expertgrid.experts.numpy.RandomState}). The router's weights are drawn from 'router', the experts' from
 * 'expert', rows from 'testing'; the order of the draws is part of the model. Nothing else in here is random, and routing does
 * not depend on kernel, batch or machine: the same row goes to the same experts with the same gates, to the last bit.
 */
package org.expertgrid.experts;
