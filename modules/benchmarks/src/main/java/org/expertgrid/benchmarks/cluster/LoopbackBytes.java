package org.expertgrid.benchmarks.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes that the loopback interface has carried, including packet headers, as Linux counts them. */
final class LoopbackBytes {
    private static final Path COUNTERS = Path.of("/proc/net/dev");
    private static final String LOOPBACK = "lo:";

    private LoopbackBytes() {}

    /** Returns the bytes since the machine started, 0 if the system has no such counter. */
    static long sinceStart() {
        if (!Files.isReadable(COUNTERS)) {
            return 0;
        }
        try {
            return parse(Files.readString(COUNTERS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long parse(String counters) {
        return counters.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(LOOPBACK))
                .mapToLong(line ->
                        Long.parseLong(line.substring(LOOPBACK.length()).strip().split("\\s+")[0]))
                .sum();
    }
}
