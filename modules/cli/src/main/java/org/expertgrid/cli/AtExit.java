package org.expertgrid.cli;

/** Something to be done if this JVM ends, by Ctrl-C for one, before it is called off. */
final class AtExit {
    private final Thread hook;

    private AtExit(Thread hook) {
        this.hook = hook;
    }

    static AtExit run(Runnable action) {
        Thread hook = new Thread(action, "expertgrid-at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return new AtExit(hook);
    }

    /** Ends the processes that this JVM has started, at once. */
    static void endChildren() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }

    /** Has it not be done any more, unless this JVM is ending already. */
    void callOff() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // Too late, and no harm: it is being done.
        }
    }
}
