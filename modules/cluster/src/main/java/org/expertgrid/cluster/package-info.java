/**
 * The model over Hazelcast: weights live in the grid, rows travel to them.
 *
 * <pre>{@literal
 *   once      MoeWeights --Deployment--> Cut by rank --> ShardTile, ShardTile, ... in map expertgrid.shards
 *                              |                                |  a rank's tiles all in one partition (Placement)
 *                              +--> ModelRecord in map expertgrid.models: DEPLOYING, then READY
 *
 *   forward   x --Router--> Routing --> ForwardPass --> Dispatcher ==WorkerTask==> LinearShardWorker of each owner
 *             y <-- concatenate or add <--------------------- WorkerAnswer <========== SliceProducts, kernels
 *
 *   change    a member leaves (Draining) or dies: its partitions live on with the backups; Dispatcher asks the new owners
 *             a member joins: Rebalance copies the shards to a new ShardSet and switches the record; callers follow
 *             a process dies half-way: its Claim stops changing the record, and the oldest member's AbandonedWork cleans up
 *
 *   keep      both maps --ShardStore, ModelStore--> an EntryFile each, in a directory that members share, where one is given:
 *             written before the writer hears of it; records are read at the start, shards when they are asked for
 * }</pre>
 *
 * <p>Users meet {@link org.expertgrid.cluster.TensorParallelMoe} (or {@link org.expertgrid.cluster.ShardedExpert} and
 * {@link org.expertgrid.cluster.ShardedLinear} alone), {@link org.expertgrid.cluster.ExpertgridConfig}, and, to try things on one machine,
 * {@link org.expertgrid.cluster.local.LocalCluster} and {@link org.expertgrid.cluster.local.EmbeddedCluster}. Four things are kept apart, each in
 * one place: how a weight is cut ({@code Cut}, chosen by {@link org.expertgrid.cluster.options.Exchange}), where a slice lives ({@code Placement}),
 * who answers for it ({@code Dispatcher}, the only one that knows members and retries), and what is computed with it
 * ({@code LinearShardWorker}).
 *
 * <p>Nothing is computed or decoded on Hazelcast's partition and IO threads, and nothing of ours is Java-serialised. A task never
 * throws: its reply has a status for each rank, and numbers only if every one is OK.
 */
package org.expertgrid.cluster;
