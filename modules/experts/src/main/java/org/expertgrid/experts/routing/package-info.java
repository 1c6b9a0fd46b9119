/**
 * Chooses the experts of each row.
 *
 * <pre>
 *   RouterWeights ---+
 *                    +--> Router --route(x)--> Routing: the rows of each expert, with their gates
 *   RouterRule ------+      |
 *                           +-- Logits        x Wr + br in float64, in one fixed order
 *                           +-- ExpertChoice  scores, groups, the best, gates: the arithmetic of the rule
 * </pre>
 *
 * A {@link org.expertgrid.experts.routing.RouterRule} is one value for all families of models. Its parts are
 * {@link org.expertgrid.experts.routing.ScoreFunction} (before the choice), {@link org.expertgrid.experts.routing.ExpertGroups},
 * {@link org.expertgrid.experts.routing.GateFunction} (after it), {@link org.expertgrid.experts.routing.GateDivisor} and
 * {@link org.expertgrid.experts.routing.GateOn}. Constants have codes that never change, for the wire and for files.
 */
package org.expertgrid.experts.routing;
