package org.expertgrid.experts.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.experts.threads.ThreadTeam.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link ThreadTeam} does when a unit, or the executor, throws. */
@Timeout(60)
class ThreadTeamFailureTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(3);
    private final AtomicInteger ran = new AtomicInteger();
    private final Thread caller = Thread.currentThread();

    @AfterEach
    void stopThreads() {
        pool.shutdownNow();
    }

    /** Returns when the caller has nothing left to do but wait for the other threads, and does so asleep. */
    private void awaitWaitingCaller() {
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void meet(CountDownLatch latch) {
        latch.countDown();
        await(latch);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theCallerThrowsWhatAUnitThrewAndTheOtherUnitsAreLeft() {
        IllegalStateException failure = new IllegalStateException("unit 3");
        Stage failing = new Stage(100, unit -> {
            ran.incrementAndGet();
            if (unit == 3) {
                throw failure;
            }
        });
        Stage after = new Stage(100, unit -> ran.addAndGet(1000));
        assertThat(catchThrowable(() -> ThreadTeam.ofCaller().run(failing, after)))
                .isSameAs(failure);
        assertThat(ran).hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void anExceptionOfAHelperIsThrownByTheCaller(int threads) {
        AssertionError failure = new AssertionError("in a helper");
        CountDownLatch helping = new CountDownLatch(1);
        Stage failing = new Stage(100, unit -> {
            if (Thread.currentThread() != caller) {
                helping.countDown();
                throw failure;
            }
            await(helping);
        });
        Stage after = new Stage(1, unit -> ran.incrementAndGet());
        assertThat(catchThrowable(() -> ThreadTeam.of(pool, threads).run(failing, after)))
                .isSameAs(failure);
        assertThat(ran).hasValue(0);
    }

    @Test
    void theCallEndsOnlyWhenNoUnitIsRunningAnyMore() {
        CountDownLatch begun = new CountDownLatch(2);
        AtomicBoolean ended = new AtomicBoolean();
        Stage stage = new Stage(2, unit -> {
            meet(begun);
            if (Thread.currentThread() == caller) {
                throw new IllegalStateException("the caller's");
            }
            awaitWaitingCaller();
            ended.set(true);
        });
        assertThat(catchThrowable(() -> ThreadTeam.of(pool, 2).run(stage))).hasMessage("the caller's");
        assertThat(ended).isTrue();
    }

    @Test
    void ofSeveralFailuresTheFirstIsThrown() {
        CountDownLatch begun = new CountDownLatch(2);
        Stage stage = new Stage(2, unit -> {
            meet(begun);
            if (Thread.currentThread() == caller) {
                throw new IllegalStateException("first");
            }
            awaitWaitingCaller();
            throw new IllegalStateException("second");
        });
        assertThat(catchThrowable(() -> ThreadTeam.of(pool, 2).run(stage))).hasMessage("first");
    }

    @Test
    void evenACheckedExceptionInDisguiseIsThrown() {
        IOException checked = new IOException("undeclared");
        Stage stage = new Stage(1, unit -> ThreadTeamFailureTest.<RuntimeException>disguise(checked));
        assertThat(catchThrowable(() -> ThreadTeam.ofCaller().run(stage)))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(checked);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void disguise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aFailedTeamWorksAgain() {
        ThreadTeam team = ThreadTeam.of(pool, 4);
        for (int call = 0; call < 50; call++) {
            assertThat(catchThrowable(() -> team.run(new Stage(20, unit -> {
                        throw new IllegalStateException("unit " + unit);
                    }))))
                    .isInstanceOf(IllegalStateException.class);
            ran.set(0);
            team.run(new Stage(20, unit -> ran.incrementAndGet()));
            assertThat(ran).hasValue(20);
        }
    }

    /** A helper is at work when the executor fails: it must not be left alone with what the caller takes back. */
    @Test
    void anExecutorThatFailsIsNotLeftWithAHelperStillAtWork() {
        OutOfMemoryError failure = new OutOfMemoryError("unable to create native thread");
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch helping = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        ThreadTeam team = ThreadTeam.of(
                task -> {
                    if (asked.incrementAndGet() == 2) {
                        await(helping);
                        throw failure;
                    }
                    pool.execute(task);
                },
                3);
        Stage stage = new Stage(3, unit -> {
            if (Thread.currentThread() != caller) {
                helping.countDown();
                awaitWaitingCaller();
                ended.set(true);
            }
        });
        assertThat(catchThrowable(() -> team.run(stage))).isSameAs(failure);
        assertThat(ended).isTrue();
    }
}
