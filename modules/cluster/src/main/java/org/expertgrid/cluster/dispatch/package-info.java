/**
 * The caller's side: which member is asked for which rank, and what is asked again.
 *
 * <pre>
 *   RequestBatcher --> PipelinedBatches --> Dispatcher --> Dispatch --> Calls: one task a member
 *   small forwards     within ByteBudget      |                |
 *                                             |                +-- Awaited: a task, and its hedges once it is late
 *                                             +-- RankOwners: which member to ask
 *                                             |     MemberWatch: members that are silent
 *                                             |     BackupHolders: members that could answer for them
 *                                             +-- Pace, Lateness, HedgeBudget: when an answer is late, how many hedges there may be
 *                                             +-- MemberCalls: questions to a member for itself
 *                                             +-- LookUp: the model's record, read again where weights are missing
 *                                             +-- Detour: a second client, while the first knows few members only
 * </pre>
 *
 * <p>A late answer is asked of holders of backups too, unless the member says that the task waits behind others. The first complete
 * answer counts, the other one is abandoned. All members hold the same tiles and add in the same order, so the bits are the same.
 */
package org.expertgrid.cluster.dispatch;
