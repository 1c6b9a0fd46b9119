package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.local.FreePorts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DetourTest {
    private static final int MEMBERS = 3;
    private static final ShardSet SET = new ShardSet(UUID.randomUUID(), List.of(0), MEMBERS);

    private final String name = "detour-" + UUID.randomUUID();
    private final List<Integer> ports = FreePorts.of(MEMBERS);

    /** One member of three remains in the client's list, and the two others are a cluster of their own, which it can reach. */
    @Test
    void aClientWhoseMemberLostMostOthersReachesThemByASecondClient() {
        HazelcastInstance cutOff = member(0, 0);
        HazelcastInstance second = member(1, 0);
        HazelcastInstance third = member(2, 0);
        HazelcastInstance client = HazelcastClient.newHazelcastClient(clientConfig());
        HazelcastInstance newSecond = null;
        HazelcastInstance newThird = null;
        try {
            Detour detour = Detour.of(client);
            Awaitility.await().until(() -> DataMembers.of(client).size() == MEMBERS);
            assertThat(detour.around(SET)).isNull();

            second.getLifecycleService().terminate();
            third.getLifecycleService().terminate();
            Awaitility.await().until(() -> DataMembers.of(client).size() == 1);
            newSecond = member(1, 1);
            newThird = member(2, 1);
            HazelcastInstance around = Awaitility.await().until(() -> detour.around(SET), way -> way != null);
            assertThat(DataMembers.of(around).stream().map(DataMembers::address))
                    .containsExactlyInAnyOrder("127.0.0.1:" + ports.get(1), "127.0.0.1:" + ports.get(2));

            client.shutdown();
            Awaitility.await().until(() -> !around.getLifecycleService().isRunning());
        } finally {
            client.shutdown();
            for (HazelcastInstance member : new HazelcastInstance[] {cutOff, second, third, newSecond, newThird}) {
                if (member != null) {
                    member.getLifecycleService().terminate();
                }
            }
        }
    }

    @Test
    void aClientThatKnowsMostMembersAndAMemberHaveNoDetour() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance client = cluster.connect();
            try {
                assertThat(Detour.of(cluster.member(0))).isNull();
                cluster.loseMember();
                Awaitility.await().until(() -> DataMembers.of(client).size() == 1);
                assertThat(Detour.of(client).around(new ShardSet(UUID.randomUUID(), List.of(0), 1)))
                        .isNull();
            } finally {
                client.shutdown();
            }
        }
    }

    /** Starts a member that joins the one at a port only. */
    private HazelcastInstance member(int index, int joins) {
        Config config = ExpertgridConfig.member();
        config.setClusterName(name);
        config.setProperty(ExpertgridConfig.WARM_UP, "false");
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "3600");
        config.getNetworkConfig().setPort(ports.get(index)).setPortAutoIncrement(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setMembers(List.of("127.0.0.1:" + ports.get(joins)));
        return Hazelcast.newHazelcastInstance(config);
    }

    private ClientConfig clientConfig() {
        ClientConfig config = ExpertgridConfig.client();
        config.setClusterName(name);
        config.getNetworkConfig().setAddresses(List.of("127.0.0.1:" + ports.get(0)));
        return config;
    }
}
