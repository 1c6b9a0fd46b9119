/**
 * Clusters on this machine.
 *
 * <pre>
 *   EmbeddedCluster   members in this JVM
 *   LocalCluster      members in JVMs of their own: MemberCommand starts MemberMain; MemberLog tells when it is ready
 *        +-- MemberProcess   one of them, which can be stopped, killed, frozen
 * </pre>
 */
package org.expertgrid.cluster.local;
