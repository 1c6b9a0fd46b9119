package org.expertgrid.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * A python3 process with numpy that answers one line with another, so that it takes its turn among others. Ends when closed, and
 * with this JVM.
 *
 * <p>For one thread.
 */
public final class NumPy implements AutoCloseable {
    private static final List<String> CANDIDATES = List.of("python3", "/usr/bin/python3");
    /** Whichever library numpy multiplies with, one of these tells it the number of its threads. */
    private static final List<String> THREADS = List.of(
            "OPENBLAS_NUM_THREADS",
            "OMP_NUM_THREADS",
            "MKL_NUM_THREADS",
            "BLIS_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
            "NUMEXPR_NUM_THREADS");

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private NumPy(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Returns the command of the first python3 that can import numpy. */
    public static Optional<String> python() {
        return CANDIDATES.stream().filter(NumPy::hasNumPy).findFirst();
    }

    /**
     * Starts a script that is a resource beside this class.
     *
     * @param threads the number of threads that its matrix products may use
     */
    public static NumPy start(String script, int threads, Object... arguments) {
        String python = python().orElseThrow(() -> new ExpertgridException("numpy: no python3 can import it"));
        List<String> command = new ArrayList<>(List.of(python, "-u", "-c", resource(script)));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        THREADS.forEach(variable -> builder.environment().put(variable, Integer.toString(threads)));
        try {
            return new NumPy(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(python + ": " + e.getMessage(), e);
        }
    }

    /** Sends a line to the process and returns the line that it answers. */
    public String ask(String format, Object... arguments) {
        try {
            questions.write(String.format(format, arguments) + "\n");
            questions.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new ExpertgridException("python3: ended (expected: an answer)");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("python3: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static String resource(String name) {
        try (InputStream script = NumPy.class.getResourceAsStream(name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasNumPy(String python) {
        try {
            Process process = new ProcessBuilder(python, "-c", "import numpy")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
