package org.expertgrid.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What another JVM's heap holds that is still needed, asked with the JDK's own tool. */
public final class LiveHeap {
    private LiveHeap() {}

    /** Returns the bytes that are reachable in a JVM, after a full collection there. */
    public static long bytes(long pid) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd: " + output);
        }
        String total = output.lines()
                .filter(line -> line.startsWith("Total "))
                .findFirst()
                .orElseThrow(() -> new IOException("no total in: " + output));
        return Long.parseLong(total.trim().split("\\s+")[2]);
    }
}
