/**
 * The caller's side: which member is asked for which rank, and what is asked again.
 *
 * <pre>
 *   RequestBatcher --> PipelinedBatches --> Dispatcher --> Dispatch: one task a member
 *   small forwards     within ByteBudget      |  RankOwners: which member to ask
 *                                             +--MemberCalls: questions to a member for itself
 * </pre>
 */
package org.expertgrid.cluster.dispatch;
