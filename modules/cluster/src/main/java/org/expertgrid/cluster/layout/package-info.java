/**
 * How a model is divided: arithmetic and values, without a cluster.
 *
 * <pre>
 *   model --Exchange--> Cut of each matrix --Slices--> slice of each rank --TileSizes--> tiles
 *   ModelDefinition     COLUMNS or ROWS                Rank, LayerId                     ShardKey
 *
 *   ShardSet     where the ranks of one copy of the model live
 *   RankLimits   how many ranks are possible
 *   Codes        the numbers of enum constants on the wire and on disk
 * </pre>
 */
package org.expertgrid.cluster.layout;
