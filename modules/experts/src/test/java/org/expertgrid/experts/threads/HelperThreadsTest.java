package org.expertgrid.experts.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.experts.threads.ThreadTeam.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long helpers stay, with times so long or so short that it does not depend on the machine. */
@Timeout(60)
class HelperThreadsTest {
    private static final long EVER = TimeUnit.HOURS.toNanos(1);
    private static final int MANY = 20;

    private final ExecutorService one = Executors.newSingleThreadExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final Executor counting = task -> {
        asked.incrementAndGet();
        one.execute(task);
    };

    @AfterEach
    void stopThreads() {
        one.shutdownNow();
    }

    private static ThreadTeam team(Executor executor) {
        return new ThreadTeam(new HelperThreads(executor, EVER, EVER), 2);
    }

    /** Ends only when the caller and a helper have met. */
    private static void callBoth(ThreadTeam team) {
        CountDownLatch both = new CountDownLatch(2);
        team.run(new Stage(2, unit -> {
            both.countDown();
            await(both);
        }));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whereCallsFollowCloselyAHelperStaysAwakeForTheNext() {
        HelperThreads teammates = new HelperThreads(counting, EVER, EVER);
        ThreadTeam team = new ThreadTeam(teammates, 2);
        callBoth(team);
        callBoth(team);
        awaitAwake(teammates);
        int askedForTheFirst = asked.get();
        for (int call = 0; call < MANY; call++) {
            callBoth(team);
            awaitAwake(teammates);
        }
        assertThat(asked).hasValue(askedForTheFirst);
    }

    @Test
    void afterACallThatFollowsNoOtherNoHelperWaits() throws Exception {
        HelperThreads teammates = new HelperThreads(one, EVER, EVER);
        teammates.callBegins();
        teammates.ask(() -> {});
        assertOtherWorkHasItsTurn();
    }

    @Test
    void aHelperThatHasNoWorkLeaves() throws Exception {
        HelperThreads teammates = new HelperThreads(one, TimeUnit.MILLISECONDS.toNanos(50), EVER);
        closeCallBegins(teammates);
        teammates.ask(() -> {});
        assertOtherWorkHasItsTurn();
    }

    @Test
    void aHelperThatHasStayedForLongLeavesThoughCallsFollowClosely() throws Exception {
        HelperThreads teammates = new HelperThreads(one, EVER, 0);
        closeCallBegins(teammates);
        teammates.ask(() -> {});
        assertOtherWorkHasItsTurn();
    }

    @Test
    void whereTheExecutorTellsThatNoOtherWorkWaitsAHelperStaysLonger() throws Exception {
        for (ExecutorService pool : List.of(Executors.newFixedThreadPool(1), new ForkJoinPool(1))) {
            HelperThreads teammates = new HelperThreads(pool, EVER, 0);
            closeCallBegins(teammates);
            teammates.ask(() -> {});
            awaitAwake(teammates);
            assertThat(pool.submit(() -> "its turn").get()).isEqualTo("its turn");
            closeCallBegins(teammates);
            teammates.ask(() -> {});
            pool.shutdown();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aHelperGivesItsThreadToAnotherThatTheExecutorLetsWait() throws Exception {
        HelperThreads teammates = new HelperThreads(one, EVER, EVER);
        CountDownLatch bothAsked = new CountDownLatch(1);
        CountDownLatch secondRan = new CountDownLatch(1);
        closeCallBegins(teammates);
        teammates.ask(() -> await(bothAsked));
        teammates.ask(secondRan::countDown);
        bothAsked.countDown();
        secondRan.await();
    }

    private static void awaitAwake(HelperThreads teammates) {
        while (!teammates.anyAwake()) {
            Thread.onSpinWait();
        }
    }

    private static void closeCallBegins(HelperThreads teammates) {
        teammates.callEnds();
        teammates.callBegins();
    }

    private void assertOtherWorkHasItsTurn() throws Exception {
        assertThat(one.submit(() -> "its turn").get()).isEqualTo("its turn");
    }

    @Test
    void aHelperDoesNotOutliveItsExecutor() throws Exception {
        ThreadTeam team = team(counting);
        callBoth(team);
        callBoth(team);
        one.shutdownNow();
        assertThat(one.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        team.run(new Stage(MANY, unit -> asked.incrementAndGet()));
    }

    @Test
    void anExecutorThatRunsTasksOnTheCallingThreadDoesNotBlock() {
        ThreadTeam team = team(Runnable::run);
        for (int call = 0; call < MANY; call++) {
            team.run(new Stage(2, unit -> asked.incrementAndGet()));
        }
        assertThat(asked).hasValue(2 * MANY);
    }
}
