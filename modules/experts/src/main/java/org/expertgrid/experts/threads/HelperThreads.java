package org.expertgrid.experts.threads;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads of an executor that help with calls. While calls follow each other closely, a helper stays awake for a moment
 * after one, in case that there is another: to wake a thread takes longer than a small call has, and the system may wake it
 * on the very processor that the caller uses, again and again.
 *
 * <pre>
 *   executor ---> at work ---> awake, nothing in its hands ---> left: the thread is the executor's again
 *                    ^--- work put into its hands ---+
 * </pre>
 *
 * A helper leaves when no call needed it for a moment, when it has stayed for some time and the executor has other work or may
 * have, when another helper waits for a thread of the executor, and when it is interrupted; so the executor's other work has its
 * turn too, and the end of the executor is the end of its teammates.
 *
 * <p>Safe for use by many threads.
 */
final class HelperThreads {
    /** Several times what it takes to wake a thread; longer than what a caller does between two parts of a forward pass. */
    private static final long AWAKE_NANOS = 200_000;
    /** About as long as one large call keeps a thread. To leave without need costs: the next helper has to be woken. */
    private static final long STAY_NANOS = 50_000_000;

    private static final int SPINS_BETWEEN_YIELDS = 64;
    private static final Runnable LEFT = () -> {};

    private final Executor executor;
    private final long awakeNanos;
    private final long stayNanos;
    private final Deque<Teammate> awake = new ConcurrentLinkedDeque<>();
    /** HelperThreads that the executor was given and has not begun to run. */
    private final AtomicInteger expected = new AtomicInteger();

    private volatile long lastCallEnded;
    private volatile boolean callsFollowClosely;

    HelperThreads(Executor executor) {
        this(executor, AWAKE_NANOS, STAY_NANOS);
    }

    /**
     * @param awakeNanos how long a helper waits for another call, and how closely calls must follow each other for that
     * @param stayNanos how long a helper takes calls before other work of the executor goes first
     */
    HelperThreads(Executor executor, long awakeNanos, long stayNanos) {
        this.executor = executor;
        this.awakeNanos = awakeNanos;
        this.stayNanos = stayNanos;
        this.lastCallEnded = System.nanoTime() - awakeNanos;
    }

    /** Notes that a call begins that wants help. */
    void callBegins() {
        callsFollowClosely = System.nanoTime() - lastCallEnded < awakeNanos;
    }

    /** Notes that it has ended. */
    void callEnds() {
        lastCallEnded = System.nanoTime();
    }

    /** Puts the work into the hands of a helper that is awake, or else of the executor; throws what that throws. */
    void ask(Runnable work) {
        for (Teammate teammate = awake.poll(); teammate != null; teammate = awake.poll()) {
            if (teammate.hands.compareAndSet(null, work)) {
                return;
            }
        }
        expected.incrementAndGet();
        try {
            executor.execute(new Teammate(work, Thread.currentThread()));
        } catch (Throwable thrown) {
            expected.decrementAndGet();
            throw thrown;
        }
    }

    /** Returns whether some helper waits for work. */
    boolean anyAwake() {
        return !awake.isEmpty();
    }

    /** Where the executor does not tell whether other work waits for its threads, it may. */
    private boolean otherWorkMayWait() {
        if (executor instanceof ThreadPoolExecutor pool) {
            return pool.isShutdown() || !pool.getQueue().isEmpty();
        }
        if (executor instanceof ForkJoinPool pool) {
            return pool.isShutdown() || pool.hasQueuedSubmissions();
        }
        return true;
    }

    private final class Teammate implements Runnable {
        private final AtomicReference<Runnable> hands;
        private final Thread asker;
        private long begin;

        Teammate(Runnable work, Thread asker) {
            this.hands = new AtomicReference<>(work);
            this.asker = asker;
        }

        @Override
        public void run() {
            expected.decrementAndGet();
            begin = System.nanoTime();
            do {
                hands.get().run();
                hands.set(null);
            } while (isAskedAgain());
        }

        private boolean isAskedAgain() {
            if (!mayStay()) {
                return false;
            }
            awake.push(this);
            long waitingSince = System.nanoTime();
            while (mayStay() && System.nanoTime() - waitingSince < awakeNanos) {
                for (int i = 0; i < SPINS_BETWEEN_YIELDS; i++) {
                    if (hands.get() != null) {
                        return true;
                    }
                    Thread.onSpinWait();
                }
                Thread.yield();
            }
            if (hands.compareAndSet(null, LEFT)) {
                awake.remove(this);
                return false;
            }
            return true;
        }

        /** An executor that runs its tasks where they are given would have the caller wait for itself. */
        private boolean mayStay() {
            Thread thread = Thread.currentThread();
            return callsFollowClosely
                    && expected.get() == 0
                    && thread != asker
                    && !thread.isInterrupted()
                    && (System.nanoTime() - begin < stayNanos || !otherWorkMayWait());
        }
    }
}
