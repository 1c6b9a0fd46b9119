package org.expertgrid.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** What a program of ours writes to when it is started from a shell: standard output and standard error, in UTF-8. */
public final class StandardStreams {
    private StandardStreams() {}

    /** A program that does not know where it writes to. */
    @FunctionalInterface
    public interface Program {
        /** Runs with these arguments and returns the exit code. */
        int run(PrintWriter out, PrintWriter err, String... arguments);
    }

    /** Runs a program and ends this JVM with its exit code; where this JVM's memory did not suffice, for one, it has failed. */
    public static void run(Program program, String... arguments) {
        PrintWriter err = writer(FileDescriptor.err);
        int exitCode = Failures.FAILED;
        try {
            exitCode = program.run(writer(FileDescriptor.out), err, arguments);
        } catch (Error thrown) {
            err.println("expertgrid: " + thrown);
            thrown.printStackTrace(err);
        }
        System.exit(exitCode);
    }

    /** UTF-8 whatever the locale, since JSON is, and ticks are no ASCII. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
