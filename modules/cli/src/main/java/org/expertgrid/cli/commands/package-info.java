/**
 * One class for each command. A command reads its options, reports all problems with them before it starts anything, does its work,
 * and writes the result.
 *
 * <pre>
 *   demo, forward ------- TemporaryCluster --+
 *   deploy, undeploy                         +-- Connection -- TensorParallelMoe
 *   cluster status ------ RunningCluster ----+
 *   cluster start, stop - ClusterFolder
 *   info
 * </pre>
 *
 * <p>The exit code is 0 if the answer is right, 1 if the answer is wrong, 2 for bad usage or bad input, 3 if the command failed while
 * it ran.
 */
package org.expertgrid.cli.commands;
