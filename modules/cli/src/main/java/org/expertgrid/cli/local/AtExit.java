package org.expertgrid.cli.local;

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
