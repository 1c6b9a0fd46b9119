package org.expertgrid.cluster.workarounds;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.tcp.TcpServerConnection;

/**
 * Closes connections that this member has opened and that are not answered.
 *
 * <p>A process that is frozen still has its connections accepted, by the system. Until it answers the first bytes, Hazelcast 5.7 tries
 * to write what comes after them again and again, without a pause ({@code UnifiedProtocolEncoder.onWrite} says that nothing is left to
 * do, {@code NioOutboundPipeline.postProcessClean} sees that something is): the output thread does nothing else any more. What it should send
 * to others stays where it is: callers wait for answers, and members that miss heartbeats take each other for dead. A member has many output
 * threads, so that most connections do not share one with a connection that is not answered. Members connect
 * to a frozen one when they look for parts of a torn cluster to merge with, which is every few seconds.
 *
 * <p>Hazelcast has no setting for it, so this looks into what is not its public interface.
 */
public final class UnansweredConnections {
    /** An answer takes microseconds, or as long as a busy process does not run. Answers to callers may wait for this long. */
    private static final long PATIENCE_MILLIS = 500;

    private final HazelcastInstanceImpl member;

    public UnansweredConnections(HazelcastInstance member) {
        this.member =
                member instanceof HazelcastInstanceProxy proxy ? proxy.getOriginal() : (HazelcastInstanceImpl) member;
    }

    /** Closes those that have waited long enough. */
    public void close() {
        for (ServerConnection connection : member.node.getServer().getConnections()) {
            if (connection instanceof TcpServerConnection opened && isUnanswered(opened)) {
                opened.close("no answer for " + PATIENCE_MILLIS + " ms", null);
            }
        }
    }

    private static boolean isUnanswered(TcpServerConnection connection) {
        return !connection.isAcceptorSide()
                && connection.lastReadTimeMillis() < 0
                && System.currentTimeMillis() - connection.getStartTime() > PATIENCE_MILLIS;
    }
}
