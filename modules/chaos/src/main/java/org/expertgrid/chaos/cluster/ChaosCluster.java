package org.expertgrid.chaos.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.expertgrid.chaos.faults.Arrangement;
import org.expertgrid.chaos.faults.Victim;
import org.expertgrid.chaos.load.BrokenOffException;
import org.expertgrid.chaos.load.Verifiers;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cluster.local.FreePorts;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.LocalCluster.Reached;
import org.expertgrid.cluster.local.MemberProcess;

/**
 * Member JVMs that faults can hit, one data member in this JVM, and a client: a cluster that callers use from inside and from outside.
 *
 * <p>For one thread. Its Hazelcast instances are safe for use by many.
 */
public final class ChaosCluster implements AutoCloseable {
    /** The map of the shards of all models. */
    public static final String SHARDS = "expertgrid.shards";

    private static final int START_SECONDS = 180;
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(180);

    private final Arrangement arrangement;
    private final int size;
    private final int backups;
    private final String heap;
    private final Path logs;
    private final Relays relays = new Relays();
    private final LocalCluster processes;
    private final HazelcastInstance client;
    private HazelcastInstance member;
    private int turn;

    private ChaosCluster(Arrangement arrangement, ShapeOptions shape, Path logs) {
        this.arrangement = arrangement;
        this.size = arrangement.members(shape.members());
        this.backups = arrangement.backups(shape.backups());
        this.heap = shape.heap();
        this.logs = logs;
        this.processes = LocalCluster.start(options(size));
        try {
            this.member = newMember();
            this.client = processes.connect();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a cluster and returns when it has formed.
     *
     * @param shape says how many member JVMs there are, without the member in this JVM, their heap and their backups
     * @param logs the folder of their logs
     */
    public static ChaosCluster start(Arrangement arrangement, ShapeOptions shape, Path logs) {
        ChaosCluster cluster = new ChaosCluster(arrangement, shape, logs);
        try {
            cluster.awaitWhole();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private LocalCluster.Options options(int count) {
        return new LocalCluster.Options(count, heap, logs, 0, true, START_SECONDS)
                .withBackups(backups)
                .withReached(this::reached);
    }

    private Reached reached(int port) {
        return arrangement.relayed() ? relays.before(port) : Reached.directly(port);
    }

    /** Returns a client of the cluster. */
    public HazelcastInstance client() {
        return client;
    }

    /** Returns the data member in this JVM. */
    public HazelcastInstance member() {
        return member;
    }

    /** Starts another data member in this JVM and returns it when it has joined. The caller shuts the previous one down. */
    public HazelcastInstance renewMember() {
        member = newMember();
        return member;
    }

    private HazelcastInstance newMember() {
        int port = FreePorts.of(1).get(0);
        Config config = processes.memberConfig(port, reached(port), backups);
        // at the end of this JVM, the processes are ended without handing over
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        return Hazelcast.newHazelcastInstance(config);
    }

    /** Returns the full number of member JVMs. */
    public int size() {
        return size;
    }

    /** Returns the member JVMs that are running. */
    public List<MemberProcess> running() {
        return processes.members().stream().filter(MemberProcess::isAlive).toList();
    }

    /** Returns whether the member in this JVM is the oldest one of the cluster. */
    public boolean ownIsOldest() {
        return member.getCluster().getMembers().iterator().next().localMember();
    }

    /** Returns the member JVM that a fault hits. */
    public MemberProcess choose(Victim victim) {
        List<MemberProcess> oldestFirst = oldestFirst();
        return switch (victim) {
            case OLDEST -> oldestFirst.get(0);
            case IN_TURN -> oldestFirst.get(turn++ % oldestFirst.size());
        };
    }

    private List<MemberProcess> oldestFirst() {
        Map<Integer, MemberProcess> byPort =
                running().stream().collect(Collectors.toMap(MemberProcess::port, Function.identity()));
        return member.getCluster().getMembers().stream()
                .map(joined -> byPort.get(joined.getAddress().getPort()))
                .filter(process -> process != null)
                .toList();
    }

    /** Returns another running member JVM. */
    public MemberProcess otherThan(MemberProcess victim) {
        return oldestFirst().stream()
                .filter(process -> process != victim)
                .min(Comparator.comparing(MemberProcess::port))
                .orElseThrow();
    }

    /** Starts another member JVM and returns it when it has joined. */
    public MemberProcess add() {
        return processes.add(options(1)).get(0);
    }

    /** Cuts a member off from all others, but not from clients. */
    public void cutOff(MemberProcess process) {
        relays.cutOff(process.port());
    }

    /** Cuts clients off from a member, but not from other members. */
    public void cutOffClients(MemberProcess process) {
        relays.cutOffClients(process.port());
    }

    /** Undoes {@link #cutOff} and {@link #cutOffClients}. */
    public void heal() {
        relays.heal();
    }

    /** Returns when this JVM's member and the client see all running member JVMs, and every partition has its backups. */
    public void awaitWhole() {
        awaitMembers(running().size());
    }

    /** Returns when this JVM's member and the client see that many member JVMs, and every partition has its backups. */
    public void awaitMembers(int count) {
        // and the member in this JVM
        await(count + 1 + " members, seen by this one", () -> seenBy(member) == count + 1);
        await(count + 1 + " members, seen by the client", () -> seenBy(client) == count + 1);
        await(
                "every partition with its backups",
                () -> member.getPartitionService().isClusterSafe());
    }

    /** Returns when this JVM's member has removed that member from its list. */
    public void awaitRemoved(MemberProcess process) {
        await(
                "a list of members without port " + process.port(),
                () -> member.getCluster().getMembers().stream()
                        .noneMatch(joined -> joined.getAddress().getPort() == process.port()));
    }

    /** Returns how many members an instance sees. */
    static int seenBy(HazelcastInstance instance) {
        return instance.getCluster().getMembers().size();
    }

    private static void await(String what, BooleanSupplier condition) {
        if (!becomes(condition)) {
            throw new BrokenOffException(
                    "the cluster did not reach this state within " + LONGEST_RECOVERY.toSeconds() + " s: " + what);
        }
    }

    /** Waits until a condition holds, and returns false if it does not within the longest time of recovery. */
    public static boolean becomes(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LONGEST_RECOVERY.toNanos()) {
                return false;
            }
            Verifiers.pause();
        }
        return true;
    }

    /** Returns how many member JVMs are still running. Call it after {@link #close}. */
    public int leaked() {
        return running().size();
    }

    /** Ends all members and the client at once. */
    @Override
    public void close() {
        if (client != null) {
            client.getLifecycleService().terminate();
        }
        if (member != null) {
            member.getLifecycleService().terminate();
        }
        processes.close();
        relays.close();
    }
}
