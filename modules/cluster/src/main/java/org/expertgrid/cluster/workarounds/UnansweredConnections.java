package org.expertgrid.cluster.workarounds;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.networking.nio.NioChannel;
import com.hazelcast.internal.networking.nio.NioThread;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import java.util.Collection;

/**
 * Closes connections that this member has opened and that are not answered.
 *
 * <p>A process that is frozen still has its connections accepted, by the system. Until it answers the first bytes, Hazelcast 5.7 tries
 * to write what comes after them again and again, without a pause ({@code UnifiedProtocolEncoder.onWrite} says that nothing is left to
 * do, {@code NioOutboundPipeline.postProcessClean} sees that something is): the output thread does nothing else any more. What it should send
 * to others stays where it is: callers wait for answers, and members that miss heartbeats take each other for dead. A member has many output
 * threads, so that most connections do not share one with a connection that is not answered. One that shares its thread with another connection is
 * closed sooner; the next attempt to connect is on the next thread. Members connect to a frozen one again and again before and after
 * they remove it, and when they look for parts of a torn cluster to merge with, which is every few seconds.
 *
 * <p>Hazelcast has no setting for it, so this looks into what is not its public interface.
 */
public final class UnansweredConnections {
    /** An answer takes microseconds, or as long as a busy process does not run. */
    private static final long PATIENCE_MILLIS = 500;

    /** What other connections of the same output thread send waits for this long. */
    private static final long PATIENCE_OF_OTHERS_MILLIS = 100;

    private final HazelcastInstanceImpl member;
    private final long patienceMillis;
    private final long patienceOfOthersMillis;

    public UnansweredConnections(HazelcastInstance member) {
        this(member, PATIENCE_MILLIS, PATIENCE_OF_OTHERS_MILLIS);
    }

    /** Takes after how long a connection is closed, and one that delays others. */
    UnansweredConnections(HazelcastInstance member, long patienceMillis, long patienceOfOthersMillis) {
        this.patienceMillis = patienceMillis;
        this.patienceOfOthersMillis = patienceOfOthersMillis;
        this.member =
                member instanceof HazelcastInstanceProxy proxy ? proxy.getOriginal() : (HazelcastInstanceImpl) member;
    }

    /** Closes those that have waited long enough. */
    public void close() {
        Collection<ServerConnection> connections = member.node.getServer().getConnections();
        for (ServerConnection connection : connections) {
            if (connection instanceof TcpServerConnection opened && isUnanswered(opened)) {
                long age = System.currentTimeMillis() - opened.getStartTime();
                if (age > patienceMillis || age > patienceOfOthersMillis && delaysOthers(opened, connections)) {
                    opened.close("no answer for " + age + " ms", null);
                }
            }
        }
    }

    private static boolean isUnanswered(TcpServerConnection connection) {
        return !connection.isAcceptorSide() && connection.lastReadTimeMillis() < 0;
    }

    private static boolean delaysOthers(TcpServerConnection unanswered, Collection<ServerConnection> connections) {
        NioThread thread = outputThread(unanswered);
        return thread != null
                && connections.stream()
                        .anyMatch(other -> other != unanswered
                                && other instanceof TcpServerConnection sending
                                && outputThread(sending) == thread);
    }

    /** Returns the thread that sends what is written to a connection, or null if that cannot be told. */
    private static NioThread outputThread(TcpServerConnection connection) {
        return connection.getChannel() instanceof NioChannel channel
                ? channel.outboundPipeline().owner()
                : null;
    }
}
