package org.expertgrid.cluster.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.grid.Deadline;

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
    /** Handing over, waiting for tasks, and Hazelcast's own shutdown may each take their full time. */
    private static final long LEAVE_MILLIS = 2 * MemberMain.PATIENCE.toMillis()
            + TimeUnit.SECONDS.toMillis(ExpertgridConfig.SHUTDOWN_SECONDS)
            + TimeUnit.SECONDS.toMillis(30);

    private static final long POLL_MILLIS = 10;

    /** Returns whether that very process still runs. */
    public boolean isAlive() {
        return process().map(ProcessHandle::isAlive).orElse(false);
    }

    /** Ends it at once, if it still runs, and waits until it is gone. Data that only this member held in memory is lost. */
    public void kill() {
        destroy();
        awaitGone();
    }

    /** Asks it to leave its cluster in good order, which hands on what it holds, and waits until it is gone. */
    public void stop() {
        process().ifPresent(ProcessHandle::destroy);
        awaitGone(LEAVE_MILLIS);
    }

    /** Has the system stop it where it stands (SIGSTOP): it keeps its connections and answers none. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen one go on (SIGCONT). */
    public void thaw() {
        signal("CONT");
    }

    /** Java can end processes and no more; every system that knows these signals has this command. */
    private void signal(String name) {
        if (!isAlive()) {
            throw new IllegalStateException("process " + pid + ": gone (expected: a member that runs)");
        }
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " " + pid + ": status " + status + " (expected: 0)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to process " + pid + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(this::isThisOne);
    }

    /** Begins what {@link #kill} does. */
    void destroy() {
        process().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Polls, because only the parent of a process can wait for it. */
    void awaitGone() {
        awaitGone(STOP_MILLIS);
    }

    private void awaitGone(long millis) {
        Deadline deadline = Deadline.inMillis(millis);
        while (isAlive()) {
            if (deadline.passed()) {
                throw new IllegalStateException(
                        "process " + pid + ": still there " + millis + " ms after it was told to end (expected: gone)");
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
