package org.expertgrid.experts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A python3 that can import numpy, where this machine has one. */
public final class NumPy {
    private static final Optional<NumPy> FOUND = Stream.of("python3", "/usr/bin/python3")
            .map(NumPy::new)
            .filter(NumPy::works)
            .findFirst();

    private final String python;

    private NumPy(String python) {
        this.python = python;
    }

    /** Returns NumPy, or skips the test that asks. */
    public static NumPy orSkip() {
        Assumptions.assumeTrue(FOUND.isPresent(), "python3 has no numpy");
        return FOUND.get();
    }

    /** Runs a script, which finds numpy as {@code np} and {@code sys}, and returns the bytes of its standard output. */
    public byte[] run(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(python, "-c", "import sys, numpy as np\n" + script));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException("exit code of " + python + ": " + exit + " (expected: 0)");
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean works() {
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
