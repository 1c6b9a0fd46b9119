package org.expertgrid.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final long LONG_CALL = 40_000_000;

    private static Rounds.Plan plan(int callers) {
        return new Rounds.Plan(callers, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    private static Subject taking(String name, long nanos, Runnable work) {
        return new Subject() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long call(int number) {
                work.run();
                return nanos;
            }
        };
    }

    @Test
    void everybodyHasAsManyTurns() {
        List<Measurement> measured =
                Rounds.measure(List.of(taking("a", LONG_CALL, () -> {}), taking("b", LONG_CALL, () -> {})), plan(1));
        assertThat(measured).extracting(Measurement::name).containsExactly("a", "b");
        assertThat(measured.get(0).turns())
                .hasSameSizeAs(measured.get(1).turns())
                .isNotEmpty();
        assertThat(measured.get(0).times().medianMillis()).isEqualTo(40);
    }

    @Test
    void shortCallsShareATurn() {
        Measurement measured = Rounds.measure(List.of(taking("a", 1_000_000, () -> {})), plan(1))
                .get(0);
        assertThat(measured.turns()).allSatisfy(turn -> assertThat(turn.nanos()).hasSize(30));
    }

    @Test
    void callsOfTheLeadInDoNotCount() {
        AtomicInteger calls = new AtomicInteger();
        Subject subject = taking("a", LONG_CALL, calls::incrementAndGet);
        Rounds.Plan plan = new Rounds.Plan(1, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(2));
        int turns = Rounds.measure(List.of(subject), plan).get(0).turns().size();
        assertThat(calls.get()).isGreaterThan(100 * turns);
    }

    @Test
    void callersCallAtOnce() {
        CyclicBarrier all = new CyclicBarrier(3);
        Subject subject = taking("a", LONG_CALL, () -> await(all));
        Measurement measured = Rounds.measure(List.of(subject), plan(3)).get(0);
        assertThat(measured.turns()).allSatisfy(turn -> assertThat(turn.nanos()).hasSize(3));
    }

    @Test
    void gaugesAreReadAroundEachTurn() {
        AtomicLong bytes = new AtomicLong();
        Subject sender = taking("a", LONG_CALL, () -> bytes.addAndGet(7));
        Subject idler = taking("b", LONG_CALL, () -> {});
        List<Measurement> measured = Rounds.measure(List.of(sender, idler), plan(1), bytes::get);
        assertThat(measured.get(0).perCall(0)).isEqualTo(7);
        assertThat(measured.get(1).perCall(0)).isZero();
    }

    private static void await(CyclicBarrier all) {
        try {
            all.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
