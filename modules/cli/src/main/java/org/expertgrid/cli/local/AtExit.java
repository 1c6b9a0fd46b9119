package org.expertgrid.cli.local;

import java.io.PrintWriter;
import java.util.List;

/** An action that runs if this JVM ends, for example by Ctrl-C, before it is called off. */
public final class AtExit {
    private final Thread hook;

    private AtExit(Thread hook) {
        this.hook = hook;
    }

    /** Runs the action when this JVM ends. */
    public static AtExit run(Runnable action) {
        Thread hook = new Thread(action, "expertgrid-at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return new AtExit(hook);
    }

    /**
     * Closes the resources one after the other when this JVM is told to end. The JVM then ends with exit code 0, because a stop that was
     * asked for is no failure, also where closing fails.
     *
     * @param err takes a line for each resource that cannot be closed; loggers no longer write when the JVM ends
     */
    public static void close(PrintWriter err, List<? extends AutoCloseable> resources) {
        run(() -> {
            closeAll(err, resources);
            Runtime.getRuntime().halt(0);
        });
    }

    static void closeAll(PrintWriter err, List<? extends AutoCloseable> resources) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception | Error e) {
                err.println("expertgrid: while stopping: " + e);
                err.flush();
            }
        }
    }

    /** Kills the processes that this JVM has started. */
    public static void endChildren() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }

    /** Removes the action, unless this JVM is ending already. */
    public void callOff() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // The action is already running.
        }
    }
}
