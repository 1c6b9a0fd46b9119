package org.expertgrid.chaos.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.Matrix;

/**
 * A caller that asks again as soon as it has received an answer, and compares every answer with the right one.
 *
 * <p>Its getters are safe for use by many threads.
 */
public final class Verifier implements AutoCloseable {
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 10;

    private final String name;
    private final Work work;
    private final Tally tally;
    private final Thread thread;
    private volatile boolean closing;
    private volatile long completed;
    private volatile long askedAt;
    private volatile long lastAnswer;
    private volatile boolean failing;

    /** The call that a caller makes again and again. */
    public interface Work {
        /**
         * Asks once.
         *
         * @param number how often it was asked before
         * @param answers is told of each answer how much of it is wrong, 0 for nothing
         * @throws Exception if there is no answer, or not all of it
         */
        void ask(int number, IntConsumer answers) throws Exception;
    }

    private Verifier(String name, Work work, Tally tally) {
        this.name = name;
        this.work = work;
        this.tally = tally;
        this.thread = new Thread(this::ask, "expertgrid.verifier." + name);
        this.thread.setDaemon(true);
    }

    /**
     * Starts a verifier of forwards, of which every row is compared.
     *
     * @param layer gives the layer for each forward: handles may be replaced between two forwards
     */
    public static Verifier start(String name, Supplier<Layer> layer, Reference reference, Tally tally) {
        return start(
                name,
                (number, answers) -> {
                    Matrix answer = layer.get().forward(reference.batch(number));
                    answers.accept(reference.wrongRows(number, answer));
                },
                tally);
    }

    /** Starts a verifier. */
    public static Verifier start(String name, Work work, Tally tally) {
        Verifier verifier = new Verifier(name, work, tally);
        verifier.lastAnswer = System.nanoTime();
        verifier.askedAt = verifier.lastAnswer;
        verifier.thread.start();
        return verifier;
    }

    private void ask() {
        for (int number = 0; !closing; number++) {
            askedAt = System.nanoTime();
            try {
                work.ask(number, this::answered);
            } catch (Exception | Error thrown) {
                failing = true;
                if (!closing) {
                    tally.failed(name, "a call threw " + thrown, thrown);
                    pause();
                }
            }
        }
    }

    private void answered(int wrong) {
        long now = System.nanoTime();
        tally.completed(name, Duration.ofNanos(now - lastAnswer), wrong);
        lastAnswer = now;
        askedAt = now;
        failing = false;
        completed++;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String name() {
        return name;
    }

    /** Returns how many answers it has received. */
    long completed() {
        return completed;
    }

    /** Returns how long the next answer has taken so far. */
    Duration waiting() {
        return Duration.ofNanos(System.nanoTime() - askedAt);
    }

    /** Returns whether its latest call failed. */
    boolean failing() {
        return failing;
    }

    /** Returns the time since its latest answer, whether its calls hang or fail. */
    Duration unanswered() {
        return Duration.ofNanos(System.nanoTime() - lastAnswer);
    }

    /** Ends the calls, and returns whether the current call ended within the time. */
    boolean close(Duration limit) {
        closing = true;
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Ends the calls, and interrupts the current one. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
