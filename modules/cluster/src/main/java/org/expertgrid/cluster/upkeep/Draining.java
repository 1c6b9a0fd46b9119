package org.expertgrid.cluster.upkeep;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.IMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.inspection.StatusReader;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.wire.Worker;

/**
 * Takes a member out of its cluster without anybody noticing: first what it holds is handed to the others while it goes on answering,
 * then what it computes is waited for, then it leaves. Hazelcast's own shutdown hands over too, but abandons the tasks that run.
 *
 * <p>Where it alone holds its weights, and the others have no room for them, it leaves as if it had died: members that take more than their heap
 * holds would die too.
 *
 * <p>Of several members that are drained at the same time one hands over after the other, and the last one does not: members that
 * hand over to each other would wait for ever.
 */
public final class Draining {
    private static final Logger LOGGER = System.getLogger(Draining.class.getName());
    /** How long a member must be idle before it ends: a caller that has looked the owner up may not have sent its task yet. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long POLL_MILLIS = 20;
    /** The key that a member locks in the map of models while it hands over; no model has this name. */
    private static final String TURN = "";

    private Draining() {}

    /**
     * Has a member hand over its weights if the others have room for them, finish its tasks and shut down; returns when it has.
     *
     * @param member a member, not a client
     * @param patience how long handing over may take, and then how long running tasks are waited for
     * @throws IllegalArgumentException if it is a client
     */
    public static void drain(HazelcastInstance member, Duration patience) {
        try {
            if (!(member.getLocalEndpoint() instanceof Member)) {
                throw new IllegalArgumentException("member: client " + member.getName() + " (expected: a member)");
            }
            handOver(member, patience);
            finish(member, patience);
        } catch (HazelcastInstanceNotActiveException e) {
            // Hazelcast ends a member by itself that has run out of memory: there is nothing left to hand over.
            LOGGER.log(Level.WARNING, "ended before it could hand anything over", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        member.shutdown();
    }

    /** Hands over when it is this member's turn; the shutdown that follows hands over as well, only later. */
    private static void handOver(HazelcastInstance member, Duration patience) throws InterruptedException {
        if (!hasSomebodyToHandTo(member)) {
            return;
        }
        Deadline deadline = Deadline.inMillis(patience.toMillis());
        try {
            IMap<String, ModelRecord> models = member.getMap(GridNames.MODELS);
            if (!models.tryLock(TURN, deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
                LOGGER.log(Level.WARNING, "others hand weights over; those of this member go with its shutdown");
            } else if (!haveOthersRoom(member)) {
                leaveWithItsWeights(member, patience);
            } else {
                try {
                    demote(member, deadline);
                } finally {
                    models.unlock(TURN);
                }
            }
        } catch (HazelcastInstanceNotActiveException e) {
            throw e;
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "cannot hand weights over before leaving; they go with the shutdown", e);
        }
    }

    /**
     * Asks only where there is no other copy of the weights. Where there are backups or a store, the others make copies in any case. A member
     * that gets no answer hands over.
     */
    private static boolean haveOthersRoom(HazelcastInstance member) {
        MapConfig shards = member.getConfig().getMapConfig(GridNames.SHARDS);
        if (shards.getBackupCount() > 0 || shards.getMapStoreConfig().isEnabled()) {
            return true;
        }
        ClusterStatus status;
        try {
            status = new StatusReader(member).members();
        } catch (HazelcastInstanceNotActiveException e) {
            throw e;
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "cannot learn whether the others have room for the weights", e);
            return true;
        }
        try {
            status.checkRoomWithout(member.getCluster().getLocalMember().getUuid());
            return true;
        } catch (RefusedException e) {
            LOGGER.log(Level.WARNING, "leaves without handing its weights over: {0}", e.getMessage());
            return false;
        }
    }

    /**
     * Ends without Hazelcast's shutdown, which would hand over, and in its turn, so that no other member hands anything to this one. The others
     * count without it, so they know that its weights are lost.
     */
    private static void leaveWithItsWeights(HazelcastInstance member, Duration patience) throws InterruptedException {
        try {
            finish(member, patience);
        } finally {
            countOut(member, DataMembers.of(member).size() - 1);
            member.getLifecycleService().terminate();
        }
    }

    private static boolean hasSomebodyToHandTo(HazelcastInstance member) {
        return DataMembers.of(member).size() > 1
                && !member.getCluster().getLocalMember().isLiteMember();
    }

    /** A demoted member owns nothing, and still answers those who asked before they knew. */
    private static void demote(HazelcastInstance member, Deadline deadline) throws InterruptedException {
        if (!hasSomebodyToHandTo(member)) {
            return;
        }
        // On a thread of its own, since it waits for the others as long as its own configuration says.
        CompletableFuture<Void> demotion =
                CompletableFuture.runAsync(member.getCluster()::demoteLocalDataMember, Draining::start);
        try {
            demotion.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
            countOut(member, DataMembers.of(member).size());
        } catch (TimeoutException e) {
            LOGGER.log(Level.WARNING, "weights were not handed over in time; they go with the shutdown");
        } catch (ExecutionException e) {
            LOGGER.log(Level.WARNING, "cannot hand weights over before leaving; they go with the shutdown", e);
        }
    }

    /** Counts this member out of each record, so that the others, of which so many are left, need not wait until it counts as lost. */
    private static void countOut(HazelcastInstance member, int left) {
        ModelMap models = new ModelMap(member);
        try {
            models.forEach((name, record) -> {
                boolean wereTogether = record.isTogether(left + 1);
                if (wereTogether
                        && !record.isUnfinished()
                        && left < record.shards().members()) {
                    models.replace(name, record, record.among(left));
                }
            });
        } catch (RuntimeException e) {
            LOGGER.log(Level.DEBUG, "the others will count themselves", e);
        }
    }

    private static void start(Runnable demotion) {
        Thread thread = new Thread(demotion, "expertgrid.demotion");
        thread.setDaemon(true);
        thread.start();
    }

    private static void finish(HazelcastInstance member, Duration patience) throws InterruptedException {
        Deadline deadline = Deadline.inMillis(patience.toMillis());
        Worker worker = Worker.of(member);
        while (worker != null && !worker.isQuietFor(QUIET_NANOS) && !deadline.passed()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
