package org.expertgrid.cluster.dispatch;

import com.hazelcast.core.HazelcastException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.expertgrid.cluster.grid.DaemonThreads;

/**
 * Reads a model's record again, on a thread of its own: the member that has the record may be silent, and callers must not wait for it. One reading is
 * under way at a time, and all callers share it.
 *
 * <p>Safe for use by many threads.
 */
final class LookUp {
    /** A member that answers does so within a few milliseconds. */
    private static final long PATIENCE_MILLIS = 50;

    private final Runnable reading;
    private final Predicate<Throwable> mayPass;
    private final ThreadFactory threads = DaemonThreads.named("dispatch", "look-up");
    private final AtomicReference<CompletableFuture<Void>> underWay = new AtomicReference<>();

    /**
     * Takes what reads the record.
     *
     * @param reading throws where the model is gone
     * @param mayPass tells the faults of a cluster in motion, after which reading again may help
     */
    LookUp(Runnable reading, Predicate<Throwable> mayPass) {
        this.reading = reading;
        this.mayPass = mayPass;
    }

    /**
     * Has the record read, and waits a moment for it. Throws what the reading throws, if that does not pass.
     *
     * @return whether the record has been read since this call began
     */
    boolean again() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> others = underWay.compareAndExchange(null, mine);
        if (others == null) {
            threads.newThread(() -> read(mine)).start();
        }
        try {
            (others == null ? mine : others).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            return others == null;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            return failed(e.getCause());
        }
    }

    private void read(CompletableFuture<Void> read) {
        Throwable failure = null;
        try {
            reading.run();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        underWay.set(null);
        if (failure == null) {
            read.complete(null);
        } else {
            read.completeExceptionally(failure);
        }
    }

    private boolean failed(Throwable thrown) {
        boolean ofCluster = thrown instanceof HazelcastException || thrown instanceof IllegalStateException;
        if (ofCluster && mayPass.test(thrown)) {
            return false;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }
}
