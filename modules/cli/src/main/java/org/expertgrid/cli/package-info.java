/**
 * The command line: one class per command, and what commands share.
 *
 * <pre>
 *   Main -- demo, forward ---- PassingCluster --+
 *    |      deploy, undeploy                    +-- Connection (cluster) -- TensorParallelMoe
 *    |      cluster status --- RunningCluster --+
 *    |      cluster start, stop ---- ClusterFolder: what is written down of a cluster that stays
 *    +- ShapeOptions, Output: the options that mean the same in every command
 * </pre>
 *
 * <p>A command reads its options, names all that is wrong with them before anything is started, and writes through its
 * {@link org.expertgrid.cli.output.Output}: words for people, one JSON object for programs. It answers with the exit code: 0 done and
 * right, 1 it ran and the answer is wrong, 2 bad usage or bad input, 3 it failed while it ran ({@code Failures}).
 */
package org.expertgrid.cli;
