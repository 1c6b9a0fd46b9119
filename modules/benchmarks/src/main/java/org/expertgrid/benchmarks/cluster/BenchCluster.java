package org.expertgrid.benchmarks.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.local.LocalCluster;

/**
 * A temporary cluster, and the Hazelcast instance with which this JVM calls it.
 *
 * <p>For one thread. The instance is safe for use by many.
 */
final class BenchCluster implements AutoCloseable {
    private static final int START_SECONDS = 180;

    private final Deque<Runnable> endings = new ArrayDeque<>();
    private final HazelcastInstance hazelcast;

    private BenchCluster(Caller caller, int members, String heap) {
        try {
            hazelcast = switch (caller) {
                case CLIENT -> client(members, heap);
                case MEMBER -> member(members, heap);
                case EMBEDDED -> embedded(members);
            };
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a cluster and returns when it has formed.
     *
     * @param members the number of all data members, including one in this JVM
     * @param heap the heap of each member JVM
     */
    static BenchCluster start(Caller caller, int members, String heap) {
        return new BenchCluster(caller, members, heap);
    }

    HazelcastInstance hazelcast() {
        return hazelcast;
    }

    /** Returns the data members outside of this instance. */
    List<Member> others() {
        return hazelcast.getCluster().getMembers().stream()
                .filter(member -> !member.localMember())
                .toList();
    }

    /** Ends all members and clients that were started. */
    @Override
    public void close() {
        while (!endings.isEmpty()) {
            endings.pop().run();
        }
    }

    private HazelcastInstance client(int members, String heap) {
        HazelcastInstance client = processes(members, heap).connect();
        endings.push(client::shutdown);
        return client;
    }

    private HazelcastInstance member(int members, String heap) {
        Config config = ExpertgridConfig.member();
        new BenchmarkTasks().addTo(config);
        config.getNetworkConfig().setPort(0).setPortAutoIncrement(false);
        if (members == 1) {
            config.setClusterName("expertgrid-" + UUID.randomUUID());
            config.getNetworkConfig().getJoin().getTcpIpConfig().setMembers(List.of());
        } else {
            LocalCluster others = processes(members - 1, heap);
            config.setClusterName(others.name());
            config.setProperty("hazelcast.initial.min.cluster.size", Integer.toString(members));
            config.getNetworkConfig()
                    .getJoin()
                    .getTcpIpConfig()
                    .setMembers(others.members().stream()
                            .map(member -> "127.0.0.1:" + member.port())
                            .toList());
        }
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        endings.push(() -> member.getLifecycleService().terminate());
        return member;
    }

    private HazelcastInstance embedded(int members) {
        EmbeddedCluster cluster = EmbeddedCluster.start(members, config -> {
            new BenchmarkTasks().addTo(config);
            return config;
        });
        endings.push(cluster::close);
        return cluster.member(0);
    }

    private LocalCluster processes(int members, String heap) {
        TemporaryFolder logs = TemporaryFolder.create();
        endings.push(logs::close);
        LocalCluster cluster =
                LocalCluster.start(new LocalCluster.Options(members, heap, logs.path(), 0, true, START_SECONDS));
        endings.push(cluster::close);
        return cluster;
    }
}
