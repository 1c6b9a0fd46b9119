package org.expertgrid.cli.local;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * A folder with a file that lists the member JVMs that {@code cluster start} left running, and with their logs. Later commands find
 * the members by it.
 *
 * @param path the folder, which need not exist yet
 */
public record ClusterFolder(Path path) {
    private static final int START_SECONDS = 180;
    private static final long POLL_NANOS = 25_000_000;

    /** Returns the cluster of the file, if there is one, whether its members are running or not. */
    public Optional<LocalCluster> cluster() {
        return written(json -> {
            List<?> members = (List<?>) json.get("members");
            return LocalCluster.of(
                    (String) json.get("name"),
                    members.stream().map(ClusterFolder::member).toList());
        });
    }

    /** Returns the store of the cluster of the file, or null for none. */
    public Path store() {
        return written(json -> (String) json.get("store")).map(Path::of).orElse(null);
    }

    private int backups() {
        return written(json -> ((Number) json.getOrDefault("backups", 1)).intValue())
                .orElse(1);
    }

    private <T> Optional<T> written(Function<Map<String, Object>, T> reading) {
        Path state = state();
        if (!Files.exists(state)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(reading.apply(JSON.std.mapFrom(Files.readString(state))));
        } catch (IOException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new BadFileException(
                    state
                            + ": cannot be understood (expected: what 'cluster start' wrote; end its processes by hand, then"
                            + " remove the file)",
                    e);
        }
    }

    /** Returns the cluster of the file if at least one of its members is running. */
    public Optional<LocalCluster> runningCluster() {
        return cluster().filter(cluster -> cluster.members().stream().anyMatch(MemberProcess::isAlive));
    }

    /**
     * Starts members that outlive this command, and lists them in the file.
     *
     * @param store the directory where they keep models, or null for none
     * @param backups how many copies of every shard there are beside the first
     * @throws RefusedException if members of the file are running
     */
    public LocalCluster start(int members, String heap, int port, Path store, int backups) {
        return startLocked(() -> startFirst(members, heap, port, store, backups));
    }

    /**
     * Adds members with the same store and backups to the running cluster, and lists them in the file.
     *
     * @throws RefusedException if no member is running
     */
    public LocalCluster add(int members, String heap, int port) {
        return startLocked(() -> {
            LocalCluster cluster = runningCluster().orElseThrow(this::noneRuns);
            Path store = store();
            int backups = backups();
            List<MemberProcess> added = cluster.add(options(members, heap, port, store, backups));
            try {
                write(cluster, store, backups);
                return cluster;
            } catch (IOException | RuntimeException e) {
                added.forEach(MemberProcess::kill);
                throw e;
            }
        });
    }

    /** Returns the exception for a command that needs a running cluster. */
    RefusedException noneRuns() {
        return new RefusedException(
                "no cluster is running (" + state() + " lists none; start one with 'cluster start')");
    }

    /**
     * Changes the cluster of the file while no other process starts or ends its members. Waits for such a process to finish.
     *
     * @param whenWaiting runs once if it has to wait
     * @throws RefusedException if the file does not exist
     */
    public <T> T change(Runnable whenWaiting, Function<LocalCluster, T> change) {
        if (!Files.exists(path)) {
            throw noneRuns();
        }
        return locked(
                channel -> awaitLock(channel, whenWaiting),
                () -> change.apply(cluster().orElseThrow(this::noneRuns)));
    }

    private interface Locking {
        void lock(FileChannel channel) throws IOException;
    }

    private interface Locked<T> {
        T run() throws IOException;
    }

    /** Starts members, or refuses if another process holds the lock, because that process may be starting the same cluster. */
    private LocalCluster startLocked(Locked<LocalCluster> starting) {
        return locked(this::lockOrRefuse, starting);
    }

    private <T> T locked(Locking locking, Locked<T> action) {
        try {
            Files.createDirectories(path);
            // Closing the channel releases the lock, as the end of this JVM does.
            try (FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                locking.lock(channel);
                return action.run();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private void lockOrRefuse(FileChannel channel) throws IOException {
        if (!hasLocked(channel)) {
            throw new RefusedException(
                    path + ": another command is starting or ending members (expected: one such command at a time)");
        }
    }

    private static void awaitLock(FileChannel channel, Runnable whenWaiting) throws IOException {
        if (hasLocked(channel)) {
            return;
        }
        whenWaiting.run();
        do {
            LockSupport.parkNanos(POLL_NANOS);
        } while (!hasLocked(channel));
    }

    private static boolean hasLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException lockedByThisJvm) {
            return false;
        }
    }

    private LocalCluster startFirst(int members, String heap, int port, Path store, int backups) throws IOException {
        Optional<LocalCluster> running = runningCluster();
        if (running.isPresent()) {
            throw new RefusedException("cluster '" + running.get().name()
                    + "': running already (expected: no running cluster; --add starts more of its members, 'cluster stop' ends it, --folder keeps"
                    + " another beside it)");
        }
        LocalCluster cluster = LocalCluster.start(options(members, heap, port, store, backups));
        try {
            write(cluster, store, backups);
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private LocalCluster.Options options(int members, String heap, int port, Path store, int backups) {
        KernelsChoice.best(); // throws if -Dexpertgrid.kernels, which members inherit, has no valid value
        return new LocalCluster.Options(members, heap, path, port, false, START_SECONDS)
                .storingIn(store)
                .withBackups(backups);
    }

    /** Deletes the file. The logs stay. */
    public void forget() {
        try {
            Files.deleteIfExists(state());
        } catch (IOException e) {
            throw new UncheckedIOException(state() + ": cannot be deleted: " + e.getMessage(), e);
        }
    }

    private void write(LocalCluster cluster, Path store, int backups) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", cluster.name());
        json.put("store", store == null ? null : store.toAbsolutePath().toString());
        json.put("backups", backups);
        json.put("members", cluster.members().stream().map(ClusterFolder::json).toList());
        Path unfinished = path.resolve("cluster.json.unfinished");
        Files.writeString(unfinished, Output.toJson(json));
        Files.move(unfinished, state(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the file that lists the members. */
    public Path state() {
        return path.resolve("cluster.json");
    }

    /** Returns a member as it is written to the file and to JSON. */
    public static Map<String, Object> json(MemberProcess member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pid", member.pid());
        json.put("started", member.started() == null ? null : member.started().toString());
        json.put("port", member.port());
        json.put("log", member.log().toString());
        return json;
    }

    private static MemberProcess member(Object json) {
        Map<?, ?> member = (Map<?, ?>) json;
        String started = (String) member.get("started");
        return new MemberProcess(
                ((Number) member.get("pid")).longValue(),
                started == null ? null : Instant.parse(started),
                ((Number) member.get("port")).intValue(),
                Path.of((String) member.get("log")));
    }
}
