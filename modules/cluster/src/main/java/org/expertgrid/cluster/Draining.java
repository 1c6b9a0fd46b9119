package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Takes a member out of its cluster without anybody noticing: first what it holds is handed to the others while it goes on answering,
 * then what it computes is waited for, then it leaves. Hazelcast's own shutdown hands over too, but abandons the tasks that run.
 */
public final class Draining {
    private static final Logger LOGGER = System.getLogger(Draining.class.getName());
    /** As long as nobody has asked a member, callers may still be about to: they look owners up before they send. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long POLL_MILLIS = 20;

    private Draining() {}

    /**
     * Has a member hand over its weights, finish its tasks and shut down; returns when it has.
     *
     * @param member a member, not a client
     * @param patience how long running tasks are waited for
     */
    public static void drain(HazelcastInstance member, Duration patience) {
        try {
            handOverAndFinish(member, patience);
        } catch (HazelcastInstanceNotActiveException e) {
            // Hazelcast ends a member by itself that has run out of memory: there is nothing left to hand over.
            LOGGER.log(Level.WARNING, "ended before it could hand anything over", e);
        }
        member.shutdown();
    }

    private static void handOverAndFinish(HazelcastInstance member, Duration patience) {
        if (Members.ofData(member).size() > 1
                && !member.getCluster().getLocalMember().isLiteMember()) {
            handOver(member);
        }
        Deadline deadline = Deadline.inMillis(patience.toMillis());
        LinearShardWorker worker = LinearShardWorker.of(member);
        while (!worker.isQuietFor(QUIET_NANOS) && !deadline.passed()) {
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** A demoted member owns nothing, and still answers those who asked before they knew. */
    private static void handOver(HazelcastInstance member) {
        try {
            member.getCluster().demoteLocalDataMember();
        } catch (RuntimeException e) {
            // The shutdown that follows hands over as well, only later.
            LOGGER.log(Level.WARNING, "cannot hand weights over before leaving; they go with the shutdown", e);
        }
    }
}
