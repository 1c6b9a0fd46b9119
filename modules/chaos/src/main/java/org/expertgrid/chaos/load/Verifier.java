package org.expertgrid.chaos.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.Matrix;

/**
 * A caller that sends the next forward as soon as it has received an answer, and compares every row with the reference.
 *
 * <p>Its getters are safe for use by many threads.
 */
public final class Verifier implements AutoCloseable {
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 10;

    private final String name;
    private final Supplier<Layer> layer;
    private final Reference reference;
    private final Tally tally;
    private final Thread thread;
    private volatile boolean closing;
    private volatile long completed;
    private volatile long askedAt;
    private volatile long lastAnswer;
    private volatile boolean failing;

    private Verifier(String name, Supplier<Layer> layer, Reference reference, Tally tally) {
        this.name = name;
        this.layer = layer;
        this.reference = reference;
        this.tally = tally;
        this.thread = new Thread(this::ask, "expertgrid.verifier." + name);
        this.thread.setDaemon(true);
    }

    /**
     * Starts a verifier.
     *
     * @param layer gives the layer for each forward: handles may be replaced between two forwards
     */
    public static Verifier start(String name, Supplier<Layer> layer, Reference reference, Tally tally) {
        Verifier verifier = new Verifier(name, layer, reference, tally);
        verifier.lastAnswer = System.nanoTime();
        verifier.askedAt = verifier.lastAnswer;
        verifier.thread.start();
        return verifier;
    }

    private void ask() {
        for (int number = 0; !closing; number++) {
            Matrix batch = reference.batch(number);
            askedAt = System.nanoTime();
            try {
                Matrix answer = layer.get().forward(batch);
                long now = System.nanoTime();
                tally.completed(name, Duration.ofNanos(now - lastAnswer), reference.wrongRows(number, answer));
                lastAnswer = now;
                failing = false;
                completed++;
            } catch (RuntimeException | Error thrown) {
                failing = true;
                if (!closing) {
                    tally.failed(name, "a forward threw " + thrown, thrown);
                    pause();
                }
            }
        }
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

    /** Returns how long the current forward has taken so far. */
    Duration waiting() {
        return Duration.ofNanos(System.nanoTime() - askedAt);
    }

    /** Returns whether its latest completed forward failed. */
    boolean failing() {
        return failing;
    }

    /** Returns the time since its latest answer, whether its forwards hang or fail. */
    Duration unanswered() {
        return Duration.ofNanos(System.nanoTime() - lastAnswer);
    }

    /** Ends the calls, and returns whether the current forward ended within the time. */
    boolean close(Duration limit) {
        closing = true;
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Ends the calls, and interrupts the current forward. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
