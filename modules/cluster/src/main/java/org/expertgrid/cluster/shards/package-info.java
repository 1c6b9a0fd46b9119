/**
 * The map of weights.
 *
 * <pre>
 *   slice of a rank --cut--> ShardTile, ShardTile, ... --ShardMap--> map expertgrid.shards --ShardStore--> files
 * </pre>
 */
package org.expertgrid.cluster.shards;
