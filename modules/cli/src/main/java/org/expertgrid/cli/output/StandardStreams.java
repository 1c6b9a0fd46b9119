package org.expertgrid.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Runs a program on standard output and standard error, both in UTF-8. */
public final class StandardStreams {
    private StandardStreams() {}

    /** A program that writes to the given writers. */
    @FunctionalInterface
    public interface Program {
        /** Runs with these arguments and returns the exit code. */
        int run(PrintWriter out, PrintWriter err, String... arguments);
    }

    /** Runs a program and ends this JVM with its exit code, or with that of a failure if it throws an Error, such as OutOfMemoryError. */
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

    /** Returns a writer in UTF-8 for every locale, because JSON is UTF-8 and ticks are not ASCII. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
