package org.expertgrid.cluster.upkeep;

import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.grid.DaemonThreads;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.cluster.workarounds.GuardedWorkaround;
import org.expertgrid.cluster.workarounds.MigrationPause;
import org.expertgrid.cluster.workarounds.UnansweredConnections;

/** Repeats the work that a member does without being asked, on threads of its own, until it is stopped. */
public final class Housekeeping {
    private static final Logger LOGGER = System.getLogger(Housekeeping.class.getName());

    /** Members find each other meanwhile. The first use of a map makes the table of partitions, for the members that there are then. */
    private static final Duration FIRST_SWEEP = Duration.ofSeconds(1);

    private final HazelcastInstance hazelcast;
    private final ScheduledExecutorService sweeper;
    /** A thread of its own, because moving a model may take minutes. */
    private final ScheduledExecutorService cleanup;
    /** A thread of its own, because heartbeats depend on its work being done in time. */
    private final ScheduledExecutorService connectionGuard;

    /**
     * Starts the threads.
     *
     * @param tidy has the tiles that have come to members collected
     */
    public Housekeeping(HazelcastInstance hazelcast, Timings timings, Runnable tidy) {
        this.hazelcast = hazelcast;
        this.sweeper = thread("sweeper");
        this.cleanup = thread("cleanup");
        this.connectionGuard = thread("connections");
        AbandonedWork abandonedWork = new AbandonedWork(hazelcast, timings.rebalance(), timings.abandoned());
        every(FIRST_SWEEP, timings.sweep(), sweeper, tidy);
        every(timings.removals(), sweeper, new Removals(hazelcast)::sweep);
        every(timings.cleanup(), cleanup, abandonedWork::round);
        every(
                timings.connections(),
                connectionGuard,
                new GuardedWorkaround(
                        "closing of unanswered connections",
                        "while a member is frozen, healthy members may take each other for dead",
                        () -> new UnansweredConnections(hazelcast)::close));
        every(
                Duration.ofMillis(MigrationPause.LOOK_MILLIS),
                connectionGuard,
                new GuardedWorkaround(
                        "shortening of pauses after failed migrations",
                        "forwards may wait 3 s longer when members are lost while shards move",
                        () -> new MigrationPause(hazelcast)::look));
    }

    private ScheduledExecutorService thread(String purpose) {
        return Executors.newSingleThreadScheduledExecutor(DaemonThreads.of(hazelcast, purpose));
    }

    public void stop() {
        sweeper.shutdownNow();
        cleanup.shutdownNow();
        connectionGuard.shutdownNow();
    }

    private void every(Duration interval, ScheduledExecutorService thread, Runnable task) {
        every(interval, interval, thread, task);
    }

    /** Catches every exception, because one that is thrown would end the repetition. */
    private void every(Duration first, Duration interval, ScheduledExecutorService thread, Runnable task) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (Throwable thrown) {
                        boolean passing = Faults.mayPass(thrown, hazelcast)
                                || !hazelcast.getLifecycleService().isRunning();
                        LOGGER.log(
                                passing ? Level.DEBUG : Level.WARNING,
                                "housekeeping failed and is tried again",
                                thrown);
                    }
                },
                first.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
