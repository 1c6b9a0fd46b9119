/**
 * Clusters of member JVMs on this machine, as commands use them.
 *
 * <pre>
 *   for one command      TemporaryCluster -- ends with the command
 *   until it is stopped  ClusterFolder ----- cluster.json names the members, and later commands read it
 *                          |
 *                        RunningCluster ---- the options that choose between this cluster and a foreign one
 * </pre>
 */
package org.expertgrid.cli.local;
