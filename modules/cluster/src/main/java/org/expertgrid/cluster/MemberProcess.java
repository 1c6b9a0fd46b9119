package org.expertgrid.cluster;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A member JVM of a {@link LocalCluster}, as it can be written down and found again: a process id alone may be another process's by
 * then.
 *
 * @param pid its process id
 * @param started when it started, null where the system does not tell
 * @param port where it listens on loopback
 * @param log its output
 */
public record MemberProcess(long pid, Instant started, int port, Path log) {
    private static final long STOP_MILLIS = 10_000;
    private static final long POLL_MILLIS = 10;

    /** Returns whether that very process still runs. */
    public boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(this::isThisOne)
                .map(ProcessHandle::isAlive)
                .orElse(false);
    }

    /** Ends it at once, if it still runs, and waits until it is gone. What only it held in memory is lost. */
    public void kill() {
        destroy();
        awaitGone();
    }

    /** Begins what {@link #kill} does. */
    void destroy() {
        ProcessHandle.of(pid).filter(this::isThisOne).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Polls, because a process that somebody else started cannot be waited for. */
    void awaitGone() {
        Deadline deadline = Deadline.inMillis(STOP_MILLIS);
        while (isAlive()) {
            if (deadline.passed()) {
                throw new IllegalStateException(
                        "process " + pid + ": still there " + STOP_MILLIS + " ms after it was killed (expected: gone)");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean isThisOne(ProcessHandle process) {
        Instant start = process.info().startInstant().orElse(null);
        return started == null || start == null || started.equals(start);
    }
}
