package org.expertgrid.cluster.local;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.errors.Problems;

/**
 * Member JVMs on this machine, on loopback ports and under a random cluster name.
 *
 * <p>They start with this JVM's class path and module options. {@link #close} ends them; so does the end of this JVM, unless they
 * were started to {@linkplain Options#attached stay}.
 *
 * <p>Safe for use by many threads.
 */
public final class LocalCluster implements AutoCloseable {
    private static final long POLL_MILLIS = 25;
    private static final int LOG_LINES_SHOWN = 15;
    /** A member that is added has joined when it is not alone. */
    private static final int LEAST_CLUSTER_GROWN = 2;

    private final String name;
    private final List<MemberProcess> members;
    /** Kept, because a Process object that is collected closes the standard input, at which an attached member ends. */
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    private LocalCluster(String name, List<MemberProcess> members) {
        this.name = name;
        this.members = new CopyOnWriteArrayList<>(members);
    }

    /** Returns the cluster of member processes that were written down, for example by another JVM. */
    public static LocalCluster of(String name, List<MemberProcess> members) {
        return new LocalCluster(name, members);
    }

    /**
     * How to start one.
     *
     * @param members how many, at least 1
     * @param heap the most heap of each, as {@code -Xmx} has it: {@code 512m}
     * @param directory where their logs go; made where it is missing
     * @param port the first member's port, the others' follow; 0 for ports that are free
     * @param attached whether the members end when this JVM does
     * @param timeoutSeconds how long they may take to form a cluster
     * @param store where shards and models are kept ({@link ExpertgridConfig#storeIn}), or null for nowhere
     * @param backups how many copies of every shard there are beside the first, 0 to 6
     * @param reached where the member that listens on a port is reached
     */
    public record Options(
            int members,
            String heap,
            Path directory,
            int port,
            boolean attached,
            int timeoutSeconds,
            Path store,
            int backups,
            IntFunction<Reached> reached) {
        private static final int MOST_BACKUPS = 6;
        private static final long LEAST_HEAP_BYTES = 64L << 20;

        public Options {
            expectBackups(expectHeap(new Problems(), "heap", heap), "backups", backups)
                    .expect(members >= 1, "members", members, "at least 1")
                    .expect(port >= 0 && port <= 65_535 - members, "port", port, "0 to " + (65_535 - members))
                    .expect(timeoutSeconds >= 1, "timeoutSeconds", timeoutSeconds, "at least 1")
                    .throwIfAny();
        }

        /**
         * Adds the problem that a member JVM cannot have that heap.
         *
         * @param problems to add to, of which there may be some already
         * @param name what the heap is called where it was given
         * @param heap as {@code -Xmx} takes it, in whole units
         * @return {@code problems}
         */
        public static Problems expectHeap(Problems problems, String name, String heap) {
            boolean wellFormed = heap.matches("[1-9][0-9]{0,8}[kKmMgG]");
            return problems.expect(wellFormed, name, heap, "a number and k, m or g, like 512m")
                    .expect(
                            !wellFormed || bytes(heap) >= LEAST_HEAP_BYTES,
                            name,
                            heap,
                            "at least " + (LEAST_HEAP_BYTES >> 20) + "m, which a member needs to start");
        }

        long heapBytes() {
            return bytes(heap);
        }

        /** Adds the problem that Hazelcast keeps no such number of backups; returns {@code problems}. */
        public static Problems expectBackups(Problems problems, String name, int backups) {
            return problems.expect(backups >= 0 && backups <= MOST_BACKUPS, name, backups, "0 to " + MOST_BACKUPS);
        }

        private static long bytes(String heap) {
            int unit = "kmg".indexOf(Character.toLowerCase(heap.charAt(heap.length() - 1))) + 1;
            return Long.parseLong(heap.substring(0, heap.length() - 1)) << 10 * unit;
        }

        /** Takes the same without a store, for members that have one backup of every shard and are reached where they listen. */
        public Options(int members, String heap, Path directory, int port, boolean attached, int timeoutSeconds) {
            this(members, heap, directory, port, attached, timeoutSeconds, null, 1, Reached::directly);
        }

        /** Returns options for members of 512 MB on free ports, attached, that may take three minutes. */
        public static Options of(int members, Path directory) {
            return new Options(members, "512m", directory, 0, true, 180);
        }

        /** Returns the same with a store, or, where it is null, without one. */
        public Options storingIn(Path store) {
            return new Options(members, heap, directory, port, attached, timeoutSeconds, store, backups, reached);
        }

        /** Returns these options with another number of backups. */
        public Options withBackups(int backups) {
            return new Options(members, heap, directory, port, attached, timeoutSeconds, store, backups, reached);
        }

        /** Returns these options for members before whose ports something stands, such as a relay that can be cut. */
        public Options withReached(IntFunction<Reached> reached) {
            return new Options(members, heap, directory, port, attached, timeoutSeconds, store, backups, reached);
        }
    }

    /**
     * Where a member is reached.
     *
     * @param port the loopback port where others reach the member, which publishes it
     * @param callsFrom the first of the {@link #CALLING_PORTS} ports from which it calls others, 0 for any
     */
    public record Reached(int port, int callsFrom) {
        /** More than a member has connections to others at the same time, with those that have just ended. */
        public static final int CALLING_PORTS = 40;

        /** Returns that a member is reached where it listens, and calls from anywhere. */
        public static Reached directly(int port) {
            return new Reached(port, 0);
        }
    }

    /**
     * Starts the members and returns when they have formed a cluster; when that fails, none is left.
     *
     * @throws RefusedException if a port is taken
     * @throws ExpertgridException if a member ends, or time runs out; the message has the end of its log
     */
    public static LocalCluster start(Options options) {
        String name = "expertgrid-" + UUID.randomUUID().toString().substring(0, 8);
        LocalCluster cluster = new LocalCluster(name, List.of());
        cluster.add(options);
        return cluster;
    }

    /**
     * Starts more members, beside those that run, and returns them when they have joined and every partition has its owner and
     * backup; when that fails, none of them is left.
     *
     * @throws RefusedException if a port is taken
     * @throws org.expertgrid.experts.errors.BadFileException if the store is no directory, and cannot be made one
     * @throws ExpertgridException if a member ends, or time runs out; the message has the end of its log
     */
    public synchronized List<MemberProcess> add(Options options) {
        List<Integer> running = runningPorts();
        int awaited = running.isEmpty() ? options.members() : LEAST_CLUSTER_GROWN;
        List<Integer> listening = ports(options);
        List<Reached> reached = listening.stream().map(options.reached()::apply).toList();
        List<Integer> ports = reached.stream().map(Reached::port).toList();
        List<MemberProcess> added = new ArrayList<>();
        try {
            Files.createDirectories(options.directory());
            for (int i = 0; i < ports.size(); i++) {
                Path log = options.directory()
                        .resolve("member-" + (members.size() + 1) + ".log")
                        .toAbsolutePath();
                Process process = new MemberCommand(
                                name,
                                options,
                                listening.get(i),
                                reached.get(i),
                                addresses(joined(running, ports, i)),
                                awaited)
                        .start(log);
                processes.add(process);
                Instant started = process.toHandle().info().startInstant().orElse(null);
                added.add(new MemberProcess(process.pid(), started, ports.get(i), log));
                members.add(added.get(i));
            }
            awaitReady(added, Deadline.inMillis(TimeUnit.SECONDS.toMillis(options.timeoutSeconds())));
            return List.copyOf(added);
        } catch (IOException e) {
            killAll(added);
            throw new UncheckedIOException("cannot start members: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            killAll(added);
            throw e;
        }
    }

    /**
     * Returns the ports of those that a member may join, first the one that it waits for: the first member of a cluster waits for
     * no other and the others wait for it, since members that look for each other at the same time can fail to agree. A member that
     * is added may join through any of those that run, because each of them may end meanwhile.
     */
    private static List<Integer> joined(List<Integer> running, List<Integer> started, int index) {
        if (running.isEmpty()) {
            return index == 0 ? started.subList(0, 1) : started;
        }
        List<Integer> joined = new ArrayList<>(List.of(started.get(index)));
        joined.addAll(running);
        return joined;
    }

    /** Returns the cluster's name, which is random. */
    public String name() {
        return name;
    }

    /** Returns the members in the order in which they were started, also those that have ended. */
    public List<MemberProcess> members() {
        return List.copyOf(members);
    }

    /**
     * Returns the configuration of a member in this JVM that listens on the given port and joins those that run.
     *
     * @param reached where the others reach it
     * @param backups as the others have it
     */
    public Config memberConfig(int port, Reached reached, int backups) {
        List<Integer> joined = joined(runningPorts(), List.of(reached.port()), 0);
        return MemberMain.config(name, port, reached, backups, addresses(joined));
    }

    /** Returns the configuration of a client of this cluster. */
    public ClientConfig clientConfig() {
        ClientConfig config = ExpertgridConfig.client();
        config.setClusterName(name);
        config.getNetworkConfig()
                .setAddresses(
                        addresses(members.stream().map(MemberProcess::port).toList()));
        return config;
    }

    private List<Integer> runningPorts() {
        return members.stream()
                .filter(MemberProcess::isAlive)
                .map(MemberProcess::port)
                .toList();
    }

    private static List<String> addresses(List<Integer> ports) {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    /** Returns a connection to this cluster through a new client. */
    public Connection connection() {
        return Connection.to(clientConfig());
    }

    /** Returns a new client of this cluster, which the caller shuts down. */
    public HazelcastInstance connect() {
        return HazelcastClient.newHazelcastClient(clientConfig());
    }

    /** Ends all members at once. */
    @Override
    public void close() {
        killAll(members);
    }

    private static void killAll(List<MemberProcess> members) {
        members.forEach(MemberProcess::destroy);
        members.forEach(MemberProcess::awaitGone);
    }

    private static void awaitReady(List<MemberProcess> members, Deadline deadline) throws IOException {
        for (MemberProcess member : members) {
            MemberLog log = new MemberLog(member.log());
            while (!log.nowContains(MemberMain.READY)) {
                expectAlive(members);
                if (deadline.passed()) {
                    throw new ExpertgridException("member on port " + member.port()
                            + ": not ready in time (expected: a cluster of " + members.size() + ")\n"
                            + new MemberLog(member.log()).end());
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ExpertgridException("interrupted while members were starting", e);
                }
            }
        }
    }

    /** Stops all members: the remaining ones wait for the one that has ended, and only that one's log says why it ended. */
    private static void expectAlive(List<MemberProcess> members) throws IOException {
        for (MemberProcess member : members) {
            if (!member.isAlive()) {
                throw new ExpertgridException("member on port " + member.port() + ": ended while starting\n"
                        + new MemberLog(member.log()).end());
            }
        }
    }

    /** Returns a port for each member, all of them free a moment ago. */
    private static List<Integer> ports(Options options) {
        if (options.port() == 0) {
            return FreePorts.of(options.members());
        }
        int last = options.port() + options.members() - 1;
        List<Integer> ports =
                IntStream.rangeClosed(options.port(), last).boxed().toList();
        for (int port : ports) {
            if (!FreePorts.isFree(port)) {
                throw new RefusedException("port: " + port + " is taken (expected: ports " + options.port() + " to "
                        + last + " to be free; choose another first port, or 0 for any free ones)");
            }
        }
        return ports;
    }
}
