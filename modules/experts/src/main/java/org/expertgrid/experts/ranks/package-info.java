/**
 * Ranks: how a layer is divided over several workers, and in which order their results are added. Arithmetic alone; where ranks live is
 * known elsewhere.
 *
 * <pre>
 *                 hidden width of an expert
 *   rank          0         1         2         3
 *   gate, up   [ in x h0 | in x h1 | in x h2 | in x h3 ]     cut by outputs
 *   down       [ h0 x out, h1 x out, h2 x out, h3 x out ]    cut by inputs
 *                  |         |         |         |
 *                  +--- + ---+         +--- + ---+           {@link org.expertgrid.experts.ranks.RankTree}
 *                       +--------- + --------+
 *                                  y
 * </pre>
 *
 * {@link org.expertgrid.experts.ranks.RankSlice} cuts weights, {@link org.expertgrid.experts.ranks.Slices} divides a width.
 */
package org.expertgrid.experts.ranks;
