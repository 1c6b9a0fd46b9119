package org.expertgrid.experts.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.expertgrid.experts.threads.ThreadTeam.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {
    private static final int UNITS = 500;

    private final ExecutorService pool = Executors.newFixedThreadPool(3);
    private final AtomicIntegerArray runs = new AtomicIntegerArray(UNITS);

    @AfterEach
    void stopThreads() {
        Thread.interrupted();
        pool.shutdownNow();
    }

    private Stage counting() {
        return new Stage(UNITS, runs::incrementAndGet);
    }

    private void assertEachUnitRan(int times) {
        for (int unit = 0; unit < UNITS; unit++) {
            assertThat(runs.get(unit)).as("unit %d", unit).isEqualTo(times);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 9})
    void everyUnitRunsOnce(int threads) {
        ThreadTeam team = ThreadTeam.of(pool, threads);
        for (int call = 1; call <= 20; call++) {
            team.run(counting());
            assertEachUnitRan(call);
        }
    }

    /** Plain arrays, so that the test would also fail if a stage did not see what the one before had written. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aStageBeginsWhenTheOneBeforeHasEnded(int threads) {
        ThreadTeam team = ThreadTeam.of(pool, threads);
        for (int call = 0; call < 100; call++) {
            int[] first = new int[64];
            int[] second = new int[16];
            int[] third = new int[1];
            team.run(
                    new Stage(64, unit -> first[unit] = 1),
                    new Stage(16, unit -> second[unit] = sum(first)),
                    new Stage(0, unit -> third[0] = -1),
                    new Stage(1, unit -> third[unit] = sum(second)));
            assertThat(third[0]).isEqualTo(64 * 16);
        }
    }

    private static int sum(int[] values) {
        int sum = 0;
        for (int value : values) {
            sum += value;
        }
        return sum;
    }

    /** Each of the four units ends only when all four have begun, which takes four threads. */
    @Test
    void theWholeTeamWorksAtOnce() {
        CountDownLatch begun = new CountDownLatch(4);
        ThreadTeam.of(pool, 4).run(new Stage(4, unit -> meet(begun)));
        assertThat(begun.getCount()).isZero();
    }

    private static void meet(CountDownLatch latch) {
        latch.countDown();
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTeamOfOneIsTheCallerAlone() {
        Thread caller = Thread.currentThread();
        for (ThreadTeam team : List.of(ThreadTeam.ofCaller(), ThreadTeam.of(pool, 1))) {
            List<Integer> order = new ArrayList<>();
            team.run(new Stage(5, unit -> {
                assertThat(Thread.currentThread()).isSameAs(caller);
                order.add(unit);
            }));
            assertThat(order).containsExactly(0, 1, 2, 3, 4);
            assertThat(team.threads()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2})
    void aTeamWithoutThreadsIsRefused(int threads) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThreadTeam.of(pool, threads))
                .withMessage("threads: " + threads + " (expected: at least 1)");
    }

    @Test
    void noUnitsAndNoStagesEndAtOnce() {
        ThreadTeam team = ThreadTeam.of(
                task -> {
                    throw new AssertionError("asked for help with nothing");
                },
                4);
        team.run();
        team.run(new Stage(0, runs::incrementAndGet));
        team.run(new Stage(0, runs::incrementAndGet), new Stage(0, runs::incrementAndGet));
        assertEachUnitRan(0);
    }

    @Test
    void noMoreHelpersAreAskedThanTheWidestStageHasUnits() {
        AtomicInteger asked = new AtomicInteger();
        ThreadTeam team = ThreadTeam.of(task -> asked.incrementAndGet(), 8);
        team.run(new Stage(1, unit -> {}), new Stage(3, unit -> {}), new Stage(2, unit -> {}));
        assertThat(asked).hasValue(2);
        team.run(counting());
        assertThat(asked).hasValue(2 + 7);
    }

    @Test
    void helpersThatComeLateFindNothingToDo() {
        List<Runnable> late = new ArrayList<>();
        ThreadTeam team = ThreadTeam.of(late::add, 4);
        team.run(counting(), new Stage(UNITS, runs::incrementAndGet));
        assertThat(late).hasSize(3);
        late.forEach(Runnable::run);
        assertEachUnitRan(2);
    }

    /** The helper starts in the middle of the second stage, and unit 1 of that can only be its. */
    @Test
    void aHelperThatComesBetweenTheStagesJoinsIn() {
        List<Runnable> waiting = new ArrayList<>();
        CountDownLatch both = new CountDownLatch(2);
        ThreadTeam.of(waiting::add, 2).run(counting(), new Stage(2, unit -> {
            if (unit == 0) {
                pool.execute(waiting.get(0));
            }
            meet(both);
        }));
        assertThat(both.getCount()).isZero();
        assertEachUnitRan(1);
    }

    @Test
    void aTeamMayBeUsedInsideItsOwnUnits() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            ThreadTeam team = ThreadTeam.of(one, 3);
            Stage outer = new Stage(4, unit -> team.run(counting(), counting()));
            team.run(outer);
            assertEachUnitRan(8);
            one.submit(() -> team.run(outer)).get();
            assertEachUnitRan(16);
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void anInterruptedCallerFinishesAndStaysInterrupted() {
        AtomicBoolean helped = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(2);
        Thread caller = Thread.currentThread();
        ThreadTeam team = ThreadTeam.of(pool, 2);
        team.run(
                new Stage(2, unit -> {
                    meet(begun);
                    if (Thread.currentThread() == caller) {
                        caller.interrupt();
                    } else {
                        // The caller now waits, interrupted, for this unit.
                        while (!caller.isInterrupted()) {
                            Thread.onSpinWait();
                        }
                        helped.set(true);
                    }
                }),
                counting());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(helped).isTrue();
        assertEachUnitRan(1);
    }

    @Test
    void aRejectingExecutorIsAskedOnceAndTheCallerDoesTheWork() {
        AtomicInteger asked = new AtomicInteger();
        ThreadTeam team = ThreadTeam.of(
                task -> {
                    asked.incrementAndGet();
                    throw new RejectedExecutionException("full");
                },
                4);
        team.run(counting(), counting());
        assertThat(asked).hasValue(1);
        assertEachUnitRan(2);
    }
}
