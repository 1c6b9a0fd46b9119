/**
 * The cluster that faults hit: member JVMs, one data member in this JVM, and a client.
 *
 * <pre>
 *   ChaosCluster --+-- LocalCluster: member JVMs ---+
 *                  +-- a member in this JVM         +-- through Relays, where a fault cuts connections
 *                  +-- a client
 *                  +-- Footprints: live heap, threads and open files of each member, before and after
 * </pre>
 */
package org.expertgrid.chaos.cluster;
