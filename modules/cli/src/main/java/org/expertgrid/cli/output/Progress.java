package org.expertgrid.cli.output;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.expertgrid.cluster.options.DeploymentProgress;

/**
 * A line on a terminal that shows the progress, the rate and the remaining time of a deployment. Closing clears the line. Without a
 * terminal it writes nothing.
 *
 * <p>For one thread.
 */
public final class Progress implements DeploymentProgress, AutoCloseable {
    private static final int WIDTH = 30;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final String what;
    private final LongSupplier nanoTime;
    private long firstNanos;
    private long firstBytes;

    private Progress(PrintWriter terminal, String what, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    /** Returns a progress bar that writes to {@code terminal} if this JVM has a terminal. */
    static Progress onTerminal(PrintWriter terminal, String what) {
        return new Progress(interactive() ? terminal : null, what, System::nanoTime);
    }

    /** Returns a progress bar that always writes to {@code terminal}. */
    static Progress to(PrintWriter terminal, String what, LongSupplier nanoTime) {
        return new Progress(terminal, what, nanoTime);
    }

    @Override
    public void deployed(Part part) {
        if (terminal == null) {
            return;
        }
        int filled = (int) (WIDTH * part.experts() / Math.max(1L, part.ofExperts()));
        terminal.print(String.format(
                Locale.ROOT,
                "%s%s [%s%s] %d of %d experts, %s of %s%s",
                CLEAR_LINE,
                what,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                part.experts(),
                part.ofExperts(),
                ByteSizes.text(part.bytes()),
                ByteSizes.text(part.ofBytes()),
                rate(part)));
        terminal.flush();
    }

    /** Returns the rate since the first expert, before which a deployment may have waited for another one to be removed. */
    private String rate(Part part) {
        if (firstBytes == 0) {
            firstNanos = nanoTime.getAsLong();
            firstBytes = part.bytes();
            return "";
        }
        double seconds = Math.max(1e-3, (nanoTime.getAsLong() - firstNanos) / 1e9);
        double rate = Math.max(1.0, part.bytes() - firstBytes) / seconds;
        return String.format(
                Locale.ROOT,
                ", %s/s, %.0f s left",
                ByteSizes.text((long) rate),
                (part.ofBytes() - part.bytes()) / rate);
    }

    @Override
    public void close() {
        if (terminal != null) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }

    /** Returns whether there is a terminal. Since JDK 22 a console may exist without one, and has a method that JDK 17 lacks. */
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
