package org.expertgrid.cluster.local;

import com.hazelcast.config.Config;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ExpertKind;
import org.expertgrid.cluster.upkeep.Draining;
import org.expertgrid.cluster.worker.WarmUp;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * One member of a {@link LocalCluster} in a JVM of its own, told by system properties what to be.
 *
 * <p>Told to end (SIGTERM), it hands over what it holds and finishes what it computes first: see {@link Draining}.
 *
 * <p>Attached to the process that started it, it ends when its standard input does, so that no member outlives that process.
 */
public final class MemberMain {
    static final String CLUSTER_PROPERTY = "expertgrid.member.cluster";
    static final String PORT_PROPERTY = "expertgrid.member.port";
    static final String PUBLIC_PORT_PROPERTY = "expertgrid.member.publicPort";
    static final String CALLS_FROM_PROPERTY = "expertgrid.member.callsFrom";
    static final String BACKUPS_PROPERTY = "expertgrid.member.backups";
    static final String JOIN_PROPERTY = "expertgrid.member.join";
    static final String MEMBERS_PROPERTY = "expertgrid.member.members";
    static final String ATTACHED_PROPERTY = "expertgrid.member.attached";
    static final String STORE_PROPERTY = "expertgrid.member.store";
    /** Whether a member computes for a moment before it joins: true by default. Tests of small layers go without. */
    static final String WARM_UP_PROPERTY = "expertgrid.member.warmUp";
    /** The line that a member prints when its cluster has formed. */
    static final String READY = "expertgrid member is ready";

    /** When a member is told to end: the longest time for handing over, and then the longest time for its running tasks. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long WARM_UP_MILLIS = 400;
    private static final long POLL_MILLIS = 20;

    private MemberMain() {}

    public static void main(String[] arguments) {
        if (Boolean.getBoolean(ATTACHED_PROPERTY)) {
            endWithStandardInput();
        }
        int port = Integer.getInteger(PORT_PROPERTY);
        LocalCluster.Reached reached = new LocalCluster.Reached(
                Integer.getInteger(PUBLIC_PORT_PROPERTY, port), Integer.getInteger(CALLS_FROM_PROPERTY, 0));
        Config config = config(
                System.getProperty(CLUSTER_PROPERTY),
                port,
                reached,
                Integer.getInteger(BACKUPS_PROPERTY, 1),
                List.of(System.getProperty(JOIN_PROPERTY).split(",")));
        String store = System.getProperty(STORE_PROPERTY);
        if (store != null) {
            ExpertgridConfig.storeIn(config, Path.of(store));
        }
        // Hazelcast's own hook would not wait for running tasks, and run beside ours.
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        if (Boolean.parseBoolean(System.getProperty(WARM_UP_PROPERTY, "true"))) {
            warmUp();
        }
        HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(hazelcast), "expertgrid.draining"));
        awaitCluster(hazelcast, Integer.getInteger(MEMBERS_PROPERTY));
        System.out.println(READY);
    }

    private static void drain(HazelcastInstance hazelcast) {
        try {
            Draining.drain(hazelcast, PATIENCE);
        } finally {
            LastingLog.close();
        }
    }

    /** Before the member has ranks, and not while callers wait for its first answer. */
    private static void warmUp() {
        for (ElementType type : ElementType.values()) {
            WarmUp.run(KernelsChoice.best(), ExpertKind.seed(type), WARM_UP_MILLIS);
        }
    }

    /** Returns the configuration of a member that joins the first of {@code members}, or any other where it is that one. */
    static Config config(String cluster, int port, LocalCluster.Reached reached, int backups, List<String> members) {
        Config config = ExpertgridConfig.member();
        config.setClusterName(cluster);
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getMapConfig(GridNames.SHARDS).setBackupCount(backups);
        reachedAt(config.getNetworkConfig(), port, reached);
        TcpIpConfig join = config.getNetworkConfig().getJoin().getTcpIpConfig();
        join.setMembers(members);
        if (!members.get(0).endsWith(":" + reached.port())) {
            join.setRequiredMember(members.get(0));
        }
        ServiceLoader.load(MemberSetup.class).forEach(setup -> setup.addTo(config));
        return config;
    }

    private static void reachedAt(NetworkConfig network, int port, LocalCluster.Reached reached) {
        if (reached.port() != port) {
            network.setPublicAddress("127.0.0.1:" + reached.port());
        }
        if (reached.callsFrom() != 0) {
            int last = reached.callsFrom() + LocalCluster.Reached.CALLING_PORTS - 1;
            network.addOutboundPortDefinition(reached.callsFrom() + "-" + last);
        }
    }

    /** Returns when that many members have joined and every partition has its owner and backup. */
    private static void awaitCluster(HazelcastInstance hazelcast, int members) {
        while (hazelcast.getCluster().getMembers().size() < members) {
            pause();
        }
        // The table of partitions is arranged when it is first needed, which is better now than in the first
        // call.
        hazelcast.getMap(GridNames.MODELS).size();
        while (!hazelcast.getPartitionService().isClusterSafe()) {
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a starting member was interrupted", e);
        }
    }

    /** From the beginning, so that a member whose starter dies before the others are there does not wait for them for ever. */
    private static void endWithStandardInput() {
        Thread lifeline = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Waits for the end of the input.
                        }
                    } catch (IOException e) {
                        // A read error means the same as the end of input: the parent process is gone.
                    }
                    Runtime.getRuntime().halt(0);
                },
                "expertgrid.lifeline");
        lifeline.setDaemon(true);
        lifeline.start();
    }
}
