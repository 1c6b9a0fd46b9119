/**
 * The layer on a cluster, beside its floor.
 *
 * <pre>
 *   BenchClusterCommand -- Suite: the loads
 *                            |
 *   BenchCluster ------- ClusterBench --+-- forward        TensorParallelMoe       --+
 *                                       +-- alone          BatchedMoe in this JVM    +-- ClusterRun -- ClusterGoals
 *                                       +-- echo           the same bytes, no work --+
 * </pre>
 */
package org.expertgrid.benchmarks.cluster;
