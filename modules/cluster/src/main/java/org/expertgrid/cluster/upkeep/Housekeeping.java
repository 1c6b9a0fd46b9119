package org.expertgrid.cluster.upkeep;

import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.grid.DaemonThreads;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.models.Claim;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.cluster.workarounds.MigrationPause;
import org.expertgrid.cluster.workarounds.UnansweredConnections;

/** What a member does by itself from time to time, on threads of its own, until it is stopped. */
public final class Housekeeping {
    private static final int SWEEP_MILLIS = 5_000;

    private static final Logger LOGGER = System.getLogger(Housekeeping.class.getName());
    private static final int REMOVALS_MILLIS = 10_000;
    private static final int CARE_MILLIS = 2_000;
    private static final int DOORS_MILLIS = 1_000;

    private final HazelcastInstance hazelcast;
    private final ScheduledExecutorService sweeper;
    /** Apart from the sweeper, because moving a model may take minutes. */
    private final ScheduledExecutorService care;
    /** Apart from both, because the health of the cluster hangs on it. */
    private final ScheduledExecutorService doors;

    /**
     * Starts the threads.
     *
     * @param rebalanceSeconds how long a model's ranks may be spread unevenly before they are moved, -1 for ever
     * @param tidy drops and merges the slices of the member's worker
     */
    public Housekeeping(HazelcastInstance hazelcast, long rebalanceSeconds, Runnable tidy) {
        this.hazelcast = hazelcast;
        this.sweeper = thread("sweeper");
        this.care = thread("caretaker");
        this.doors = thread("doors");
        Caretaker caretaker = new Caretaker(hazelcast, rebalanceSeconds, Claim.ABANDONED_SECONDS);
        every(SWEEP_MILLIS, sweeper, tidy);
        every(REMOVALS_MILLIS, sweeper, new Removals(hazelcast)::sweep);
        every(CARE_MILLIS, care, caretaker::round);
        every(DOORS_MILLIS, doors, new UnansweredConnections(hazelcast)::close);
        every(MigrationPause.LOOK_MILLIS, doors, new MigrationPause(hazelcast)::look);
    }

    private ScheduledExecutorService thread(String purpose) {
        return Executors.newSingleThreadScheduledExecutor(DaemonThreads.of(hazelcast, purpose));
    }

    public void stop() {
        sweeper.shutdownNow();
        care.shutdownNow();
        doors.shutdownNow();
    }

    /** An exception would end the repetition for ever; the next time finds the same again. */
    private void every(int millis, ScheduledExecutorService thread, Runnable task) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (Throwable thrown) {
                        boolean passing = Faults.mayPass(thrown, hazelcast)
                                || !hazelcast.getLifecycleService().isRunning();
                        LOGGER.log(passing ? Level.DEBUG : Level.WARNING, "housekeeping put off", thrown);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }
}
