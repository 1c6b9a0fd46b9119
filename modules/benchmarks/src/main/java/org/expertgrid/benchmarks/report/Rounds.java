package org.expertgrid.benchmarks.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.expertgrid.benchmarks.report.Measurement.Turn;

/**
 * Times subjects in rounds. Each subject has a turn in each round, so that other load of the machine hits all subjects alike and
 * their ratios are meaningful.
 *
 * <pre>
 *   warm up    a b c | a b c | ...            until its time has passed
 *   measure    a b c | b c a | c a b | ...    each subject begins equally often
 * </pre>
 *
 * A turn is one long call or several short calls. Before it there is a pause, in which the threads of native libraries stop to
 * spin.
 */
public final class Rounds {
    private static final int FEWEST_WARM_UP_ROUNDS = 2;
    private static final int FEWEST_ROUNDS = 5;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final int MOST_CALLS = 64;

    private final List<? extends Subject> subjects;
    private final Plan plan;
    private final List<LongSupplier> gauges;
    private final long[] nanosOfCall;
    private int calls;

    private Rounds(List<? extends Subject> subjects, Plan plan, List<LongSupplier> gauges) {
        this.subjects = subjects;
        this.plan = plan;
        this.gauges = gauges;
        this.nanosOfCall = new long[subjects.size()];
        Arrays.fill(nanosOfCall, Long.MAX_VALUE);
    }

    /**
     * The plan of a measurement.
     *
     * @param callers the number of threads that call at once
     * @param warmUp the least time of all turns that are not counted
     * @param measuring the least time of all turns that are counted
     * @param pause the pause before each turn
     * @param leadIn the time at the beginning of a turn in which calls are not counted
     */
    public record Plan(int callers, Duration warmUp, Duration measuring, Duration pause, Duration leadIn) {}

    /** Returns the measurement of each subject, in their order. */
    public static List<Measurement> measure(List<? extends Subject> subjects, Plan plan, LongSupplier... gauges) {
        return new Rounds(subjects, plan, List.of(gauges)).measure();
    }

    private List<Measurement> measure() {
        List<Measurement> measurements = subjects.stream()
                .map(subject -> new Measurement(subject.name(), new ArrayList<>()))
                .toList();
        ExecutorService callers = Executors.newFixedThreadPool(plan.callers());
        try {
            rounds(plan.warmUp(), FEWEST_WARM_UP_ROUNDS, callers, null);
            rounds(plan.measuring(), FEWEST_ROUNDS, callers, measurements);
        } finally {
            callers.shutdown();
        }
        return measurements;
    }

    private void rounds(Duration atLeast, int fewest, ExecutorService callers, List<Measurement> measurements) {
        long start = System.nanoTime();
        for (int round = 0; round < fewest || System.nanoTime() - start < atLeast.toNanos(); round++) {
            for (int i = 0; i < subjects.size(); i++) {
                int which = (round + i) % subjects.size();
                Turn turn = turn(which, callers);
                if (measurements != null) {
                    measurements.get(which).turns().add(turn);
                }
            }
        }
    }

    private Turn turn(int which, ExecutorService callers) {
        Subject subject = subjects.get(which);
        LockSupport.parkNanos(plan.pause().toNanos());
        int each = (int) Math.max(1, Math.min(MOST_CALLS, TURN_NANOS / Math.max(1, nanosOfCall[which])));
        int first = calls;
        calls += each * plan.callers();
        leadIn(subject, first, each > 1 ? 1 : 0);
        long[] risen = new long[gauges.size()];
        // in reverse, so that the last gauge, whose reading may change the others, is read before and after them
        for (int i = risen.length - 1; i >= 0; i--) {
            risen[i] = -gauges.get(i).getAsLong();
        }
        long start = System.nanoTime();
        long[] nanos = plan.callers() == 1 ? calls(subject, first, each) : atOnce(subject, first, each, callers);
        long wallNanos = System.nanoTime() - start;
        for (int i = 0; i < risen.length; i++) {
            risen[i] += gauges.get(i).getAsLong();
        }
        for (long took : nanos) {
            nanosOfCall[which] = Math.min(nanosOfCall[which], took);
        }
        return new Turn(nanos, wallNanos, risen);
    }

    /**
     * Makes the calls at the beginning of a turn that are not counted: after a pause, caches are cold, threads sleep, and threads
     * may share one processor until the system has spread them.
     */
    private void leadIn(Subject subject, int first, int fewest) {
        long start = System.nanoTime();
        for (int i = 0; i < fewest || System.nanoTime() - start < plan.leadIn().toNanos(); i++) {
            subject.call(first + i);
        }
    }

    private static long[] calls(Subject subject, int first, int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            nanos[i] = subject.call(first + i);
        }
        return nanos;
    }

    private long[] atOnce(Subject subject, int first, int each, ExecutorService callers) {
        CountDownLatch ready = new CountDownLatch(plan.callers());
        List<CompletableFuture<long[]>> futures = new ArrayList<>();
        for (int caller = 0; caller < plan.callers(); caller++) {
            int from = first + caller * each;
            futures.add(CompletableFuture.supplyAsync(
                    () -> {
                        ready.countDown();
                        await(ready);
                        return calls(subject, from, each);
                    },
                    callers));
        }
        return futures.stream()
                .map(CompletableFuture::join)
                .flatMapToLong(LongStream::of)
                .toArray();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
