package org.expertgrid.cluster;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.local.FreePorts;
import org.expertgrid.cluster.upkeep.Timings;

/** Three members in this JVM from {@code config/hazelcast-production.yaml}, its addresses and ports replaced by free ones here. */
final class ProductionCluster implements AutoCloseable {
    static final int MEMBERS = 3;
    private static final Path YAML = Path.of("..", "..", "config", "hazelcast-production.yaml");
    private static final int FIRST_HOST = 11;

    private final String name = "expertgrid-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Integer> ports = FreePorts.of(2 * MEMBERS);
    private final List<HazelcastInstance> members = new ArrayList<>();

    ProductionCluster() {
        for (int i = 0; i < MEMBERS; i++) {
            members.add(Hazelcast.newHazelcastInstance(config(i)));
        }
    }

    private Config config(int member) {
        try {
            String yaml = Files.readString(YAML).replace("replace-this-name", name);
            for (int i = 0; i < MEMBERS; i++) {
                yaml = yaml.replace("10.0.1." + (FIRST_HOST + i) + ":5701", "127.0.0.1:" + memberPort(i));
            }
            yaml = yaml.replace("port: 5701", "port: " + memberPort(member))
                    .replace("port: 9701", "port: " + clientPort(member))
                    .replace("10.0.1.*", "127.0.0.1")
                    .replace("10.0.2.*", "127.0.0.1");
            Config config = Config.loadFromString(yaml);
            // One after the other, which is quicker than all at the same time.
            config.setProperty("hazelcast.wait.seconds.before.join", "0");
            config.setProperty("hazelcast.initial.min.cluster.size", "1");
            config.getUserContext().put(Timings.KEY, Timings.withRebalance(30).looking(Duration.ofMillis(100)));
            // Torn parts find each other when they are told to.
            config.setProperty("hazelcast.merge.first.run.delay.seconds", "3600");
            config.setProperty("hazelcast.merge.next.run.delay.seconds", "3600");
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int memberPort(int member) {
        return ports.get(member);
    }

    int clientPort(int member) {
        return ports.get(MEMBERS + member);
    }

    HazelcastInstance member(int index) {
        return members.get(index);
    }

    /** Returns a new client that knows one member's port for clients. */
    HazelcastInstance connect(int member) {
        ClientConfig config = ExpertgridConfig.client();
        config.setClusterName(name);
        config.getNetworkConfig().setAddresses(List.of("127.0.0.1:" + clientPort(member)));
        return HazelcastClient.newHazelcastClient(config);
    }

    /** Tears the cluster: one member and all others take each other for dead, until they {@link #heal}. */
    void tearOff(int member) {
        for (int other = 0; other < MEMBERS; other++) {
            if (other != member) {
                suspect(members.get(other), members.get(member));
                suspect(members.get(member), members.get(other));
            }
        }
    }

    /** Has a member that was torn off look for the others, as it does every few seconds in life, until they are together. */
    void heal(int member) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    node(members.get(member)).getJoiner().searchForOtherClusters();
                    return members.stream()
                            .allMatch(one -> one.getCluster().getMembers().size() == MEMBERS);
                });
    }

    private static Node node(HazelcastInstance member) {
        return ((HazelcastInstanceProxy) member).getOriginal().node;
    }

    private static void suspect(HazelcastInstance suspecting, HazelcastInstance suspected) {
        ClusterServiceImpl cluster = node(suspecting).getClusterService();
        MemberImpl member = cluster.getMember(suspected.getLocalEndpoint().getUuid());
        if (member != null) {
            cluster.suspectMember(member, "taken for dead by a test", true);
        }
    }

    @Override
    public void close() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }
}
