package org.expertgrid.benchmarks.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The live heap of other JVMs, read with the JDK's program jcmd. */
final class LiveHeap {
    private LiveHeap() {}

    /** Returns the bytes that are reachable in all of these JVMs together, after a full collection in each. */
    static long bytes(List<Long> processes) {
        return processes.stream().mapToLong(LiveHeap::bytes).sum();
    }

    private static long bytes(long process) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process),
                "GC.class_histogram");
        try {
            Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.lines()
                    .filter(line -> line.startsWith("Total "))
                    .map(line -> Long.parseLong(line.trim().split("\\s+")[2]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            String.join(" ", command) + ": " + output + " (expected: a histogram with a total)"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    String.join(" ", command) + ": cannot be started (expected: a JDK with bin/jcmd)", e);
        }
    }
}
