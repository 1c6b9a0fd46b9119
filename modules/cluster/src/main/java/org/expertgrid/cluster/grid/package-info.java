/**
 * The parts of Hazelcast that the other rooms need: names, members, faults, time.
 *
 * <pre>
 *   GridNames      names of maps and executors      Faults          which exceptions may pass
 *   DataMembers    members that hold weights        RetriedWrite    writes again until it is known to be done
 *   Migrations     partitions that are moving       OwnConfiguration  that of a client
 *   Deadline, Stopwatch, DaemonThreads, JmxBeans
 * </pre>
 */
package org.expertgrid.cluster.grid;
