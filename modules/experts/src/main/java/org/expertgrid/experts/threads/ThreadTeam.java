package org.expertgrid.experts.threads;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.expertgrid.experts.errors.Problems;

/**
 * The threads that share the work of one call: the caller itself, and those of an executor as far as they are free.
 *
 * <p>Work comes as {@linkplain Stage stages}, each a number of independent units; a stage begins when the one before has
 * ended. Units are claimed one by one, so a slow thread does not hold the others up, and the caller claims like any
 * other: where the executor is busy, refuses, or is a pool that the caller's own thread belongs to, the call still ends,
 * only later. Calls from several threads share the executor in the order in which they came. Where calls follow each other
 * closely, threads of the executor stay awake for 0.2 milliseconds after each, in case that there is another, and other
 * work of the executor may wait for them for 50 milliseconds.
 *
 * <p>Safe for use by many threads.
 */
public final class ThreadTeam {
    /** Some 200 microseconds of work, below which waking another thread and waiting for it costs more than it saves. */
    private static final long PRODUCTS_PER_THREAD = 1_000_000;

    private static final int SPINS = 2_000;
    private static final int YIELDS = 50;
    private static final long PARK_NANOS = 20_000;

    private final HelperThreads teammates;
    private final int threads;

    ThreadTeam(HelperThreads teammates, int threads) {
        this.teammates = teammates;
        this.threads = threads;
    }

    /** Returns the team that is the calling thread alone. */
    public static ThreadTeam ofCaller() {
        return new ThreadTeam(new HelperThreads(Runnable::run), 1);
    }

    /** Returns a team of the caller and up to {@code threads - 1} threads of {@code executor}. */
    public static ThreadTeam of(Executor executor, int threads) {
        new Problems().expect(threads >= 1, "threads", threads, "at least 1").throwIfAny();
        return new ThreadTeam(new HelperThreads(executor), threads);
    }

    /** Returns as many of these threads as that many multiplications are worth, at least the caller. */
    public ThreadTeam worth(long products) {
        long most = Math.max(1, products / PRODUCTS_PER_THREAD);
        return most >= threads ? this : new ThreadTeam(teammates, (int) most);
    }

    /** Returns how many threads it has at the most, the caller included. */
    public int threads() {
        return threads;
    }

    /**
     * Some units of work that may run in any order and at the same time.
     *
     * @param units how many there are
     * @param work does the unit of that number
     */
    public record Stage(int units, IntConsumer work) {}

    /**
     * Runs all units of all stages and returns when they are done. The first exception that a unit throws ends the call
     * once no unit is running any more, and is thrown again here; units that had not begun by then are left. An executor
     * that rejects leaves the work to the caller; whatever else it throws ends the call as a unit's exception does.
     */
    public void run(Stage... stages) {
        int widest = 0;
        for (Stage stage : stages) {
            widest = Math.max(widest, stage.units());
        }
        Call call = new Call(stages);
        int wanted = Math.min(threads, widest) - 1;
        if (wanted > 0) {
            teammates.callBegins();
            askForHelp(call, wanted);
        }
        call.work();
        if (wanted > 0) {
            teammates.callEnds();
        }
        call.rethrow();
    }

    private void askForHelp(Call call, int wanted) {
        try {
            for (int i = 0; i < wanted; i++) {
                teammates.ask(call::help);
            }
        } catch (RejectedExecutionException e) {
            // Those that came will do.
        } catch (Throwable thrown) {
            // Not thrown on at once: helpers that came before are at work by now, and have to stop first.
            call.fail(thrown);
        }
    }

    private static final class Call {
        private final Stage[] stages;
        private final AtomicInteger[] next;
        private final AtomicInteger[] open;
        private volatile Throwable failure;

        Call(Stage[] stages) {
            this.stages = stages;
            this.next = new AtomicInteger[stages.length];
            this.open = new AtomicInteger[stages.length];
            for (int i = 0; i < stages.length; i++) {
                next[i] = new AtomicInteger();
                open[i] = new AtomicInteger(stages[i].units());
            }
        }

        /** Works until all is done. */
        void work() {
            help();
            if (stages.length > 0) {
                awaitStage(open[stages.length - 1]);
            }
        }

        /** Works as long as there are units to claim: those of the last stage may then still be in other threads' hands. */
        void help() {
            for (int i = 0; i < stages.length; i++) {
                if (i > 0) {
                    awaitStage(open[i - 1]);
                }
                for (int unit = next[i].getAndIncrement(); unit < stages[i].units(); unit = next[i].getAndIncrement()) {
                    runUnit(stages[i], unit);
                    open[i].decrementAndGet();
                }
            }
        }

        private void runUnit(Stage stage, int unit) {
            if (failure != null) {
                return;
            }
            try {
                stage.work().accept(unit);
            } catch (Throwable thrown) {
                fail(thrown);
            }
        }

        synchronized void fail(Throwable thrown) {
            if (failure == null) {
                failure = thrown;
            }
        }

        /** The rest of a stage is in other threads' hands for less than one unit, so it is mostly worth spinning. */
        private static void awaitStage(AtomicInteger open) {
            for (int i = 0; open.get() > 0; i++) {
                if (i < SPINS) {
                    Thread.onSpinWait();
                } else if (i < SPINS + YIELDS) {
                    Thread.yield();
                } else {
                    LockSupport.parkNanos(PARK_NANOS);
                }
            }
        }

        void rethrow() {
            Throwable thrown = failure;
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            if (thrown != null) {
                // Checked, and thrown all the same: other languages do, and Java does in disguise.
                throw new IllegalStateException(thrown);
            }
        }
    }
}
