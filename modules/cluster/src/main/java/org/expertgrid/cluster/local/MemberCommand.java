package org.expertgrid.cluster.local;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.expertgrid.cluster.ExpertgridConfig;

/**
 * The command that starts one member JVM with this JVM's class path and module options.
 *
 * @param cluster the cluster's name
 * @param options of the members that are started together
 * @param port where the member listens
 * @param reached where the others reach it
 * @param joined the addresses of the members that it may join
 * @param awaited how many members there are when it is ready
 */
record MemberCommand(
        String cluster,
        LocalCluster.Options options,
        int port,
        LocalCluster.Reached reached,
        List<String> joined,
        int awaited) {
    /** The class path of members, where it is not this JVM's: a class archive needs a class path of jars. */
    private static final String CLASS_PATH_PROPERTY = "expertgrid.members.classpath";

    /** Regions of this size at most have room for a piece of a batch without being given to it alone. */
    private static final long LARGEST_REGION_BYTES = 8 << 20;
    /** With fewer regions, what collections and large arrays leave unused is a large part of the heap. */
    private static final int LEAST_REGIONS = 64;

    /** Starts the process; its output goes to {@code log}. */
    Process start(Path log) throws IOException {
        List<String> command = new ArrayList<>();
        if (!options.attached()) {
            // A process keeps ignoring the signals that its parent ignores, so Ctrl-C and a closing terminal do not end
            // a member that is to stay.
            command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(inheritedOptions());
        command.add("-Xmx" + options.heap());
        command.add("-XX:G1HeapRegionSize=" + regionBytes(options.heapBytes()));
        command.add("-Djava.util.logging.manager=" + LastingLog.class.getName());
        command.add("-D" + MemberMain.CLUSTER_PROPERTY + "=" + cluster);
        command.add("-D" + MemberMain.PORT_PROPERTY + "=" + port);
        command.add("-D" + MemberMain.PUBLIC_PORT_PROPERTY + "=" + reached.port());
        command.add("-D" + MemberMain.CALLS_FROM_PROPERTY + "=" + reached.callsFrom());
        command.add("-D" + MemberMain.BACKUPS_PROPERTY + "=" + options.backups());
        command.add("-D" + MemberMain.JOIN_PROPERTY + "=" + String.join(",", joined));
        command.add("-D" + MemberMain.MEMBERS_PROPERTY + "=" + awaited);
        command.add("-D" + MemberMain.ATTACHED_PROPERTY + "=" + options.attached());
        if (options.store() != null) {
            command.add("-D" + MemberMain.STORE_PROPERTY + "=" + ExpertgridConfig.storeDirectory(options.store()));
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty(CLASS_PATH_PROPERTY, System.getProperty("java.class.path")),
                MemberMain.class.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        if (!options.attached()) {
            builder.redirectInput(new File("/dev/null"));
        }
        return builder.start();
    }

    /** Returns the largest power of two of bytes that leaves a heap enough regions. G1 itself chooses 1 MB for most heaps. */
    private static long regionBytes(long heapBytes) {
        return Math.min(LARGEST_REGION_BYTES, Long.highestOneBit(heapBytes / LEAST_REGIONS));
    }

    /** Module options and the like of this JVM; not its heap, agents or debugging. */
    private static List<String> inheritedOptions() {
        List<String> inherited = List.of(
                "--add-modules",
                "--add-exports",
                "--add-opens",
                "--enable-native-access",
                "--sun-misc-unsafe-memory-access",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-Dexpertgrid.kernels=",
                "-D" + MemberMain.WARM_UP_PROPERTY + "=",
                "-Dhazelcast.",
                "-Djava.net.preferIPv4Stack=",
                "-Djava.util.concurrent.ForkJoinPool.",
                "-Djava.util.logging.config.file=",
                "-XX:SharedArchiveFile=",
                "-Xlog:cds");
        Stream<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments().stream();
        return own.filter(option -> inherited.stream().anyMatch(option::startsWith))
                .toList();
    }
}
