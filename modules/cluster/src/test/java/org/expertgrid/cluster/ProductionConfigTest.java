package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hazelcast.config.Config;
import com.hazelcast.config.EndpointConfig;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.deploying.Placement;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code config/hazelcast-production.yaml}: what it says, and that it works. */
class ProductionConfigTest {
    private static final Path YAML = Path.of("..", "..", "config", "hazelcast-production.yaml");
    private static final Matrix X = Models.rows(33, ElementType.FLOAT64);

    @Test
    void entriesNamedExpertgridAreAsInTheMemberConfigurationWithProtection() throws IOException {
        Config production = Config.loadFromFile(YAML.toFile());
        Config member = ExpertgridConfig.member();
        for (String map : List.of(GridNames.SHARDS, GridNames.MODELS)) {
            MapConfig config = production.getMapConfig(map);
            assertThat(config.getSplitBrainProtectionName()).isEqualTo("expertgrid");
            assertThat(new MapConfig(config).setSplitBrainProtectionName(null)).isEqualTo(member.getMapConfig(map));
        }
        for (String executor : List.of(GridNames.EXECUTOR, GridNames.CONTROL)) {
            ExecutorConfig config = production.getExecutorConfig(executor);
            assertThat(config.getSplitBrainProtectionName()).isEqualTo("expertgrid");
            assertThat(new ExecutorConfig(config).setSplitBrainProtectionName(null))
                    .isEqualTo(member.getExecutorConfig(executor));
        }
        SplitBrainProtectionConfig protection = production.getSplitBrainProtectionConfig("expertgrid");
        assertThat(protection.isEnabled()).isTrue();
        assertThat(protection.getProtectOn()).isEqualTo(SplitBrainProtectionOn.READ_WRITE);
        assertThat(protection.getMinimumClusterSize()).isGreaterThan(ProductionCluster.MEMBERS / 2);
        assertThat(production.getSerializationConfig()).isEqualTo(member.getSerializationConfig());
        assertThat(ExpertgridConfig.missingFrom(production)).isEmpty();
    }

    @Test
    void heartbeatsAndWhatSocketsBindToAreAsInTheMemberConfiguration() throws IOException {
        Properties production = Config.loadFromFile(YAML.toFile()).getProperties();
        Properties member = ExpertgridConfig.member().getProperties();
        for (String name : member.stringPropertyNames()) {
            if (name.contains("heartbeat")
                    || name.contains("merge")
                    || name.contains("partition")
                    || name.contains("bind")) {
                assertThat(production).containsEntry(name, member.getProperty(name));
            }
        }
    }

    @Test
    void membersAndClientsComeInByDoorsOfTheirOwn() throws IOException {
        Config production = Config.loadFromFile(YAML.toFile());
        assertThat(production.getAdvancedNetworkConfig().isEnabled()).isTrue();
        EndpointConfig members =
                production.getAdvancedNetworkConfig().getEndpointConfigs().get(EndpointQualifier.MEMBER);
        EndpointConfig clients =
                production.getAdvancedNetworkConfig().getEndpointConfigs().get(EndpointQualifier.CLIENT);
        assertThat(members.getInterfaces().isEnabled()).isTrue();
        assertThat(clients.getInterfaces().isEnabled()).isTrue();
        assertThat(members.getInterfaces()).isNotEqualTo(clients.getInterfaces());
        assertThat(((ServerSocketEndpointConfig) members).getPort())
                .isNotEqualTo(((ServerSocketEndpointConfig) clients).getPort());
        assertThat(production
                        .getAdvancedNetworkConfig()
                        .getJoin()
                        .getMulticastConfig()
                        .isEnabled())
                .isFalse();
        assertThat(production
                        .getAdvancedNetworkConfig()
                        .getJoin()
                        .getAutoDetectionConfig()
                        .isEnabled())
                .isFalse();
    }

    @Test
    @Tag("slow")
    void aTornOffMemberFailsOrAnswersRightAndAnswersAgainWhenItIsBack() throws IOException {
        try (ProductionCluster cluster = new ProductionCluster()) {
            HazelcastInstance client = cluster.connect(0);
            TensorParallelMoe moe = deploy(client, "ranker");
            Matrix answer = Models.expected(Models.weights(ElementType.FLOAT64), Models.TOP_K, X);
            assertThat(moe.forward(X)).isEqualTo(answer);
            assertListensOnItsPortsAlone(cluster);
            CallerOptions hasty = CallerOptions.defaults().withDeadline(Duration.ofSeconds(3));
            TensorParallelMoe impatient = TensorParallelMoe.connect(cluster.member(2), "ranker", hasty);
            TensorParallelMoe patient =
                    TensorParallelMoe.connect(cluster.member(2), "ranker", hasty.withDeadline(Duration.ofSeconds(60)));
            Awaitility.await()
                    .until(() -> cluster.member(0).getPartitionService().isClusterSafe());

            cluster.tearOff(2);
            Awaitility.await().until(() -> isProtected(cluster.member(2)) && size(cluster.member(0)) == 2);
            CompletableFuture<Matrix> waiting = patient.forwardAsync(X);
            // While partitions move to it, a forward may fail for other reasons first.
            Awaitility.await().until(() -> answersOrNamesProtection(impatient, answer));
            assertThat(moe.forward(X)).isEqualTo(answer);

            cluster.heal(2);
            assertThat(waiting.join()).isEqualTo(answer);
            // Its time may still be too short while partitions move.
            Matrix again = Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsMatching(thrown ->
                            thrown instanceof ForwardFailedException && !(thrown instanceof WeightsLostException))
                    .until(() -> impatient.forward(X), Objects::nonNull);
            assertThat(again).isEqualTo(answer);
            assertThat(moe.forward(X)).isEqualTo(answer);
            client.shutdown();
        }
    }

    /** A member answers if it holds a copy of all weights by chance. Protection is for maps, which it need not read then. */
    private static boolean answersOrNamesProtection(TensorParallelMoe moe, Matrix answer) {
        try {
            assertThat(moe.forward(X)).isEqualTo(answer);
            return true;
        } catch (ForwardFailedException failure) {
            assertThat(failure).hasMessageContaining("model 'ranker'");
            return failure.getMessage().contains("SplitBrainProtectionException");
        }
    }

    @Test
    @Tag("slow")
    void aModelRemovedWhileAMemberIsAwayStaysRemovedWhenItIsBack() throws InterruptedException {
        try (ProductionCluster cluster = new ProductionCluster()) {
            HazelcastInstance member = cluster.member(0);
            TensorParallelMoe gone = deploy(member, "gone");
            TensorParallelMoe moved = deploy(member, "moved");
            Awaitility.await().until(() -> member.getPartitionService().isClusterSafe());

            cluster.tearOff(2);
            Awaitility.await().until(() -> size(cluster.member(2)) == 1 && size(member) == 2);
            int left = member.getMap(GridNames.SHARDS).size() / 2;
            gone.undeploy();
            gone.close();
            // As the members do by themselves after half a minute.
            ModelRecord before = record(member, "moved");
            Awaitility.await().until(() -> member.getPartitionService().isClusterSafe());
            assertThat(moved.rebalance() || new Placement(member).isEven(before.shards()))
                    .isTrue();
            assertThat(member.getMap(GridNames.SHARDS).size()).isEqualTo(left);

            CountDownLatch merged = new CountDownLatch(1);
            cluster.member(2).getLifecycleService().addLifecycleListener(event -> {
                if (event.getState() == LifecycleState.MERGED) {
                    merged.countDown();
                }
            });
            cluster.heal(2);
            assertThat(merged.await(60, TimeUnit.SECONDS)).isTrue();
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(member.getMap(GridNames.MODELS).keySet()).isEqualTo(Set.of("moved"));
                assertThat(member.getMap(GridNames.SHARDS).size()).isEqualTo(left);
            });
            assertThat(moved.forward(X))
                    .isEqualTo(Models.expected(Models.weights(ElementType.FLOAT64), Models.TOP_K, X));
            moved.close();
        }
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast, String name) {
        return TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                .topK(Models.TOP_K)
                .ranks(6)
                .exchange(Exchange.CONCAT)
                .deploy(hazelcast, name);
    }

    private static ModelRecord record(HazelcastInstance member, String name) {
        return (ModelRecord) member.getMap(GridNames.MODELS).get(name);
    }

    /** Returns whether the member knows that too few members are left for it to answer. It learns so a moment after it lost them. */
    private static boolean isProtected(HazelcastInstance member) {
        return !member.getSplitBrainProtectionService()
                .getSplitBrainProtection("expertgrid")
                .hasMinimumSize();
    }

    private static int size(HazelcastInstance member) {
        return member.getCluster().getMembers().size();
    }

    private static void assertListensOnItsPortsAlone(ProductionCluster cluster) throws IOException {
        assumeTrue(ListeningSockets.canBeSeen(), "no /proc to see the sockets of processes in");
        List<InetSocketAddress> sockets =
                ListeningSockets.of(ProcessHandle.current().pid());
        assertThat(sockets).allMatch(socket -> socket.getAddress().isLoopbackAddress());
        for (int i = 0; i < ProductionCluster.MEMBERS; i++) {
            assertThat(sockets)
                    .extracting(InetSocketAddress::getPort)
                    .contains(cluster.memberPort(i), cluster.clientPort(i));
        }
    }
}
