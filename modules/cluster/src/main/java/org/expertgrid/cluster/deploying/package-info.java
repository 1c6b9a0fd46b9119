/**
 * Puts models into the grid, spreads them anew, and takes them out.
 *
 * <pre>
 *   Placement --> rank -> partition key          ExpectedWeights checks what is given
 *   Deployment    weights -> shards -> READY     or out again
 *   Rebalance     shards -> a second ShardSet -> switch -> the first one is removed
 * </pre>
 */
package org.expertgrid.cluster.deploying;
