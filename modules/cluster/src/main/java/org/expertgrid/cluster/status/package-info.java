/**
 * The state of a cluster as callers see it: immutable records, and the interfaces of the JMX beans. They hold values and ask no member.
 *
 * <pre>
 *   ClusterStatus -- MemberStatus of each member, ModelStatus of each model, ModelHealth of each model that is ready
 *   ModelNeeds                    what a model would need that is not deployed
 *   MoeStatistics, ModelMXBean    what one handle has done
 *   WorkerMXBean                  what one member holds and has done
 * </pre>
 */
package org.expertgrid.cluster.status;
