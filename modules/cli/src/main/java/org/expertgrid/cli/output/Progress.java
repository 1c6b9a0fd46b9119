package org.expertgrid.cli.output;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import org.expertgrid.cluster.options.DeploymentProgress;

/**
 * A line on a terminal that shows how far a deployment has come, how fast it is, and how long it will take; it disappears when
 * closed. Nothing at all where no terminal is.
 *
 * <p>For one thread.
 */
public final class Progress implements DeploymentProgress, AutoCloseable {
    private static final int WIDTH = 30;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final String what;
    private final long start = System.nanoTime();

    private Progress(PrintWriter terminal, String what) {
        this.terminal = terminal;
        this.what = what;
    }

    /** Returns one that writes to {@code terminal} if this JVM has one. */
    static Progress onTerminal(PrintWriter terminal, String what) {
        return new Progress(interactive() ? terminal : null, what);
    }

    /** Returns one that writes to {@code terminal}, whatever that is. */
    static Progress to(PrintWriter terminal, String what) {
        return new Progress(terminal, what);
    }

    @Override
    public void deployed(Part part) {
        if (terminal == null) {
            return;
        }
        double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
        double rate = part.bytes() / seconds;
        int filled = (int) ((double) WIDTH * part.bytes() / part.ofBytes());
        terminal.print(String.format(
                Locale.ROOT,
                "%s%s [%s%s] %d of %d experts, %d of %d MB, %.0f MB/s, %.0f s left",
                CLEAR_LINE,
                what,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                part.experts(),
                part.ofExperts(),
                part.bytes() >> 20,
                part.ofBytes() >> 20,
                rate / (1 << 20),
                (part.ofBytes() - part.bytes()) / rate));
        terminal.flush();
    }

    @Override
    public void close() {
        if (terminal != null) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }

    /** From JDK 22 on there may be a console without a terminal, and a method that tells. */
    private static boolean interactive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJdk) {
            return true;
        }
    }
}
