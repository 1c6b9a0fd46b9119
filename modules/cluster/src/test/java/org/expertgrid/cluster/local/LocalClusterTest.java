package org.expertgrid.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real member processes. */
class LocalClusterTest {
    @TempDir
    private Path directory;

    @Test
    @Tag("slow")
    void memberProcessesAnswerWithTheBitsOfBatchedMoeAlsoWhenOneIsKilled() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(33, ElementType.FLOAT64);
        Matrix expected = Models.expected(weights, Models.TOP_K, x);
        LocalCluster cluster = LocalCluster.start(LocalCluster.Options.of(3, directory));
        try (cluster) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = TensorParallelMoe.builder(weights)
                    .topK(Models.TOP_K)
                    .ranks(10)
                    .exchange(Exchange.CONCAT)
                    .deploy(client, "ranker")) {
                assertThat(moe.forward(x)).isEqualTo(expected);
                cluster.members().get(0).kill();
                assertThat(moe.forward(x)).isEqualTo(expected);
            } finally {
                client.shutdown();
            }
        }
        assertThat(cluster.members()).noneMatch(MemberProcess::isAlive);
    }

    @Test
    @Tag("nightly")
    void aClusterGrowsShrinksAndOutlastsAFrozenMember() {
        try (LocalCluster cluster = LocalCluster.start(LocalCluster.Options.of(1, directory))) {
            MemberProcess second =
                    cluster.add(LocalCluster.Options.of(1, directory)).get(0);
            HazelcastInstance client = cluster.connect();
            try {
                assertThat(client.getCluster().getMembers()).hasSize(2);
                second.freeze();
                assertThat(second.isAlive()).isTrue();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> client.getCluster().getMembers().size() == 1);
                second.thaw();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(120))
                        .until(() -> client.getCluster().getMembers().size() == 2);
                second.stop();
                Awaitility.await().until(() -> client.getCluster().getMembers().size() == 1);
            } finally {
                client.shutdown();
            }
            assertThat(cluster.members()).hasSize(2).element(1).isEqualTo(second);
            assertThat(second.isAlive()).isFalse();
        }
    }

    @Test
    void aTakenPortIsNamedAndNothingIsStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            LocalCluster.Options options = new LocalCluster.Options(1, "64m", directory, port, true, 10);
            assertThatThrownBy(() -> LocalCluster.start(options))
                    .isInstanceOf(ExpertgridException.class)
                    .hasMessageContaining("port: " + port + " is taken");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    @Tag("slow")
    void aMemberThatCannotStartIsReportedWithTheEndOfItsLogAndNoneIsLeft() {
        LocalCluster.Options options = new LocalCluster.Options(1, "999999999g", directory, 0, true, 20);
        assertThatThrownBy(() -> LocalCluster.start(options))
                .isInstanceOf(ExpertgridException.class)
                .hasMessageContaining("ended while starting")
                .hasMessageContaining("heap");
    }

    @Test
    void aHeapThatIsTooSmallForAMemberIsRefusedBeforeItIsStarted() {
        assertThatThrownBy(() -> new LocalCluster.Options(1, "8m", directory, 0, true, 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heap: 8m (expected: at least 64m, which a member needs to start)");
    }

    @Test
    void aMemberBehindARelayTellsWhereItIsReachedAndCallsFromPortsOfItsOwn() {
        Config config =
                LocalCluster.of("torn", List.of()).memberConfig(5_000, new LocalCluster.Reached(6_000, 20_000), 2);

        assertThat(config.getNetworkConfig().getPort()).isEqualTo(5_000);
        assertThat(config.getNetworkConfig().getPublicAddress()).isEqualTo("127.0.0.1:6000");
        assertThat(config.getNetworkConfig().getOutboundPortDefinitions()).containsExactly("20000-20039");
        assertThat(config.getMapConfig(GridNames.SHARDS).getBackupCount()).isEqualTo(2);
    }

    @Test
    @Tag("slow")
    void whereOneMemberEndsWhileItStartsTheOthersAreNotWaitedFor() {
        List<Integer> ports = new CopyOnWriteArrayList<>();
        LocalCluster.Options options = LocalCluster.Options.of(2, directory).withReached(port -> {
            ports.add(port);
            return LocalCluster.Reached.directly(port);
        });
        CompletableFuture<LocalCluster> starting = CompletableFuture.supplyAsync(() -> LocalCluster.start(options));
        Awaitility.await()
                .until(() -> ports.size() == 2 ? memberOn(ports.get(1)) : null, Objects::nonNull)
                .destroyForcibly();
        assertThatThrownBy(starting::join)
                .cause()
                .isInstanceOf(ExpertgridException.class)
                .hasMessageStartingWith("member on port " + ports.get(1) + ": ended while starting");
    }

    /** Returns the child process that is told to be the member on that port, or null where there is none yet. */
    private static ProcessHandle memberOn(int port) {
        String told = "-D" + MemberMain.PORT_PROPERTY + "=" + port;
        return ProcessHandle.current()
                .children()
                .filter(child ->
                        List.of(child.info().arguments().orElse(new String[0])).contains(told))
                .findFirst()
                .orElse(null);
    }

    @Test
    void moreBackupsThanHazelcastAllowsAreRefused() {
        assertThatThrownBy(() -> LocalCluster.Options.of(1, directory).withBackups(7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("backups: 7 (expected: 0 to 6)");
    }
}
