package org.expertgrid.cli.local;

/** Something to be done if this JVM ends, by Ctrl-C for one, before it is called off. */
public final class AtExit {
    private final Thread hook;

    private AtExit(Thread hook) {
        this.hook = hook;
    }

    /** Has the action be done when this JVM ends. */
    public static AtExit run(Runnable action) {
        Thread hook = new Thread(action, "expertgrid-at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return new AtExit(hook);
    }

    /** Ends the processes that this JVM has started, at once. */
    public static void endChildren() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }

    /** Has it not be done any more, unless this JVM is ending already. */
    public void callOff() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // Too late, and no harm: it is being done.
        }
    }
}
