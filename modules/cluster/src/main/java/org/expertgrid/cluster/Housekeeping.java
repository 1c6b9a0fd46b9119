package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What a member does by itself from time to time, on threads of its own, until it is stopped. */
final class Housekeeping {
    static final int SWEEP_SECONDS = 5;

    private static final Logger LOGGER = System.getLogger(Housekeeping.class.getName());
    private static final int REMOVALS_SECONDS = 10;
    private static final int CARE_SECONDS = 2;
    private static final int DOORS_SECONDS = 1;

    private final HazelcastInstance hazelcast;
    private final ScheduledExecutorService sweeper;
    /** Apart from the sweeper, because moving a model may take minutes. */
    private final ScheduledExecutorService care;
    /** Apart from both, because the health of the cluster hangs on it. */
    private final ScheduledExecutorService doors;

    /**
     * Begins to sweep and merge slices, to look after models, and to close what nobody answers.
     *
     * @param rebalanceSeconds how long ranks may be apart, -1 for ever
     * @param threads makes the threads for a purpose
     */
    Housekeeping(
            HazelcastInstance hazelcast,
            long rebalanceSeconds,
            Function<String, ThreadFactory> threads,
            PackedSlices slices,
            SliceMerger merger) {
        this.hazelcast = hazelcast;
        this.sweeper = Executors.newSingleThreadScheduledExecutor(threads.apply("sweeper"));
        this.care = Executors.newSingleThreadScheduledExecutor(threads.apply("caretaker"));
        this.doors = Executors.newSingleThreadScheduledExecutor(threads.apply("doors"));
        Caretaker caretaker = new Caretaker(hazelcast, rebalanceSeconds, Claim.ABANDONED_SECONDS);
        every(SWEEP_SECONDS, sweeper, slices::sweep);
        every(SWEEP_SECONDS, sweeper, merger::merge);
        every(REMOVALS_SECONDS, sweeper, new Removals(hazelcast)::sweep);
        every(CARE_SECONDS, care, caretaker::round);
        every(DOORS_SECONDS, doors, new UnansweredConnections(hazelcast)::close);
    }

    void stop() {
        sweeper.shutdownNow();
        care.shutdownNow();
        doors.shutdownNow();
    }

    /** An exception would end the repetition for ever; the next time finds the same again. */
    private void every(int seconds, ScheduledExecutorService thread, Runnable task) {
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
                seconds,
                seconds,
                TimeUnit.SECONDS);
    }
}
