/**
 * Puts models into the grid, spreads them anew, and takes them out.
 *
 * <pre>
 *   Placement --> rank -> partition key          ExpectedWeights checks what is given, Capacity the room for it
 *   Deployment    weights -> shards -> Initialization -> READY
 *   Rebalance     shards -> a second ShardSet -> Initialization -> switch -> the first one is removed
 *   Undeployment  REMOVING -> shards, routers and record are removed
 *   ModelLookup   name -> record
 * </pre>
 */
package org.expertgrid.cluster.deploying;
