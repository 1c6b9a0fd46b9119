package org.expertgrid.benchmarks.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the loopback interface has carried, packet headers included, by the kernel's own count. */
final class LoopbackBytes {
    private static final Path COUNTERS = Path.of("/proc/net/dev");
    private static final String LOOPBACK = "lo:";

    private LoopbackBytes() {}

    /** Returns the bytes since the machine started; 0 where the system does not count them in this way. */
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
