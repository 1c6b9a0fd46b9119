package org.expertgrid.cli.local;

import java.io.PrintWriter;

/** An action that runs if this JVM ends, for example by Ctrl-C, before it is called off. */
public final class AtExit {
    private final Thread hook;

    private AtExit(Thread hook) {
        this.hook = hook;
    }

    /** Runs the action when this JVM ends; at once, where it is ending already. */
    public static AtExit run(Runnable action) {
        Thread hook = new Thread(action, "expertgrid-at-exit");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            hook.start();
        }
        return new AtExit(hook);
    }

    /**
     * Closes resources when this JVM is told to end, also those that are added later. The JVM then ends with exit code 0, because a stop
     * that was asked for is no failure, also where closing fails.
     *
     * @param err takes a line for each resource that cannot be closed; loggers no longer write when the JVM ends
     */
    public static AtExit close(PrintWriter err, Resources resources) {
        return run(() -> {
            closeAll(err, resources);
            Runtime.getRuntime().halt(0);
        });
    }

    static void closeAll(PrintWriter err, Resources resources) {
        resources.closeAll(failure -> {
            err.println("expertgrid: while stopping: " + failure);
            err.flush();
        });
    }

    /** Kills the processes that this JVM has started. */
    public static void endChildren() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }

    /** Waits for the end of this JVM where the action has begun; returns at once where it has not. */
    public void awaitIfBegun() throws InterruptedException {
        if (hook.getState() != Thread.State.NEW) {
            hook.join();
        }
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
