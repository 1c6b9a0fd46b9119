/**
 * The cluster as the page of {@code serve} shows it.
 *
 * <pre>
 *   cluster --every second--> GridWatch -- members, ranks --> MemberHistory: lost, back, moved
 *                                 |
 *                                 +------- counters -------> ExpertHeat: rows of each expert in the last minute
 *                                 |
 *                                 v
 *                  ClusterView for the page, and why the model could not be computed now
 * </pre>
 */
package org.expertgrid.cli.watch;
