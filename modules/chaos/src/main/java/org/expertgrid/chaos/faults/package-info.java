/**
 * The faults and their order, as values. The same seed gives the same schedule on every JVM.
 *
 * <pre>
 *   seed -- Schedule.draw --> Fault, Fault, ...
 *                               |
 *              FaultKind, such as KILL -- needs --> Arrangement, such as two backups
 *              Victim: the oldest member, or the next in turn
 * </pre>
 */
package org.expertgrid.chaos.faults;
