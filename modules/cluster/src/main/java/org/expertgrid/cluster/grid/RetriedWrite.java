package org.expertgrid.cluster.grid;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.expertgrid.experts.errors.ExpertgridException;

/** Repeats a write until it is known to be done: a member that is lost takes its answer with it, and clients do not repeat writes. */
public final class RetriedWrite {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private RetriedWrite() {}

    /**
     * Does a write, and again where it fails with what may pass.
     *
     * @param what is written, in words
     * @param write does what is right however often it is done
     * @throws ExpertgridException if it is not known to be done some time after it first failed
     */
    public static <T> T untilDone(HazelcastInstance hazelcast, String what, Supplier<T> write) {
        Deadline deadline = null;
        while (true) {
            try {
                return write.get();
            } catch (HazelcastException | IllegalStateException e) {
                if (!Faults.mayPass(e, hazelcast)) {
                    throw e;
                }
                // The time counts from now on, because the first attempt may have taken longer.
                deadline = deadline == null ? Deadline.inMillis(PATIENCE_MILLIS) : deadline;
                if (deadline.passed() || Thread.currentThread().isInterrupted()) {
                    throw new ExpertgridException(
                            what + ": cannot be written (expected: a cluster that answers): " + e, e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
