/**
 * The messages between callers and workers. Both use this room; neither uses the other's.
 *
 * <pre>
 *   caller                                                  member
 *   WorkerRequest --TaskCodec--&gt; WorkerTask   ==========&gt;  Worker
 *   WorkerReply  &lt;--ReplyCodec-- WorkerAnswer &lt;==========  RankStatus of each rank, Report, ResultRows
 * </pre>
 *
 * <p>An envelope holds one {@code Block} of bytes. Hazelcast's threads copy it; it is decoded where the task runs, or where the caller
 * waits.
 */
package org.expertgrid.cluster.wire;
