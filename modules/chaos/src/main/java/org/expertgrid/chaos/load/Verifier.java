package org.expertgrid.chaos.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.Matrix;

/**
 * A caller that asks again as soon as it has its answer, whatever happens around it, and looks at every row.
 *
 * <p>What it tells of itself may be asked by any thread.
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
        this.thread = new Thread(this::ask, "expertgrid.witness." + name);
        this.thread.setDaemon(true);
    }

    /**
     * Starts one.
     *
     * @param layer gives what each forward asks: handles may be exchanged between two forwards
     */
    public static Verifier start(String name, Supplier<Layer> layer, Reference reference, Tally tally) {
        Verifier witness = new Verifier(name, layer, reference, tally);
        witness.lastAnswer = System.nanoTime();
        witness.askedAt = witness.lastAnswer;
        witness.thread.start();
        return witness;
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

    /** Returns how many answers it has had. */
    long completed() {
        return completed;
    }

    /** Returns how long it has been waiting for the answer that it waits for. */
    Duration waiting() {
        return Duration.ofNanos(System.nanoTime() - askedAt);
    }

    /** Returns whether the last of its forwards that ended has failed. */
    boolean failing() {
        return failing;
    }

    /** Returns how long it has had no answer, whether its forwards hang or fail. */
    Duration unanswered() {
        return Duration.ofNanos(System.nanoTime() - lastAnswer);
    }

    /** Tells it to ask no more, and returns whether it has had its last answer within the time. */
    boolean close(Duration limit) {
        closing = true;
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Tells it to ask no more, and interrupts what it is waiting for. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
