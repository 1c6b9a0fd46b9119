package org.expertgrid.cluster.workarounds;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
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
 * to others stays where it is: callers wait for answers, and members that miss heartbeats take each other for dead. Members connect
 * to a frozen one again and again before and after they remove it, and when they look for parts of a torn cluster to merge with, which is every few
 * seconds. Expertgrid's own configuration gives a member many output threads, so that most connections do not share one with such a connection.
 *
 * <p>A connection that shares its thread is closed sooner, if it leads to a member that has sent no heartbeat for some time, or that is none of the
 * cluster. The next attempt to connect is on the next thread. Other connections get more time, because Hazelcast removes a member after four
 * connections to it in a row have been closed, and a member that is well may pause.
 *
 * <p>Hazelcast has no setting for it, so this looks into what is not its public interface.
 */
public final class UnansweredConnections {
    /** An answer takes microseconds, or as long as a busy process does not run. */
    private static final long PATIENCE_MILLIS = 500;

    /** How long answers on other connections of the same output thread may wait for a member that is likely to be frozen. */
    private static final long PATIENCE_OF_OTHERS_MILLIS = 100;

    /** Members send a heartbeat every second. */
    private static final long WITHOUT_HEARTBEAT_MILLIS = 2_500;

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
                if (age > patienceMillis
                        || age > patienceOfOthersMillis
                                && delaysOthers(opened, connections)
                                && isLikelyFrozen(opened.getRemoteAddress())) {
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
                        .anyMatch(other -> other instanceof TcpServerConnection sending
                                && !isUnanswered(sending)
                                && outputThread(sending) == thread);
    }

    /** Returns whether a process has sent no heartbeat for some time, or is none of the members of a cluster of several. */
    private boolean isLikelyFrozen(Address address) {
        ClusterServiceImpl cluster = member.node.getClusterService();
        Member known = address == null ? null : cluster.getMember(address);
        if (known == null) {
            return cluster.getSize() > 1;
        }
        long heartbeat = cluster.getClusterHeartbeatManager().getLastHeartbeatTime(known);
        return heartbeat > 0 && cluster.getClusterTime() - heartbeat > WITHOUT_HEARTBEAT_MILLIS;
    }

    /** Returns the thread that sends what is written to a connection, or null if that cannot be told. */
    private static NioThread outputThread(TcpServerConnection connection) {
        return connection.getChannel() instanceof NioChannel channel
                ? channel.outboundPipeline().owner()
                : null;
    }
}
