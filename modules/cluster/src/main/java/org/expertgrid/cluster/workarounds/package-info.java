/**
 * The only room that uses classes which Hazelcast does not publish. Each class does one thing for which there is no public way, says
 * why, and does nothing on a Hazelcast that lacks those classes.
 *
 * <pre>
 *   Hazelcast's internals &lt;-- MigrationPause          a pause after a failed migration delays promotions
 *                         &lt;-- UnansweredConnections   a connection to a frozen process keeps an output thread busy
 *                         &lt;-- AvailableBytes          how many bytes of a message are left
 *                         &lt;-- OperationThreads        whether this thread executes Hazelcast's operations
 *   GuardedWorkaround   one warning, and nothing from then on, where a class or method is missing
 *   CompactFilter       a public setting that came with Hazelcast 5.7
 * </pre>
 */
package org.expertgrid.cluster.workarounds;
