package org.expertgrid.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.ModelDeployment;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.server.page.ClusterView;
import org.expertgrid.server.page.ClusterView.EventKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class GridWatchTest {
    private static final String MODEL = "watched";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int RANKS = 4;

    @Test
    void showsRanksHeatAndALostMember() {
        MoeWeights weights = MoeWeights.random(new MoeShape(6, 8, 6, 3), ElementType.FLOAT32, new NamedRandomStates());
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                Connection connection = cluster.connection()) {
            new ModelDeployment("", Map.of(5, weights)).ranks(RANKS).deploy(connection.hazelcast(), MODEL);
            try (TensorParallelMoe layer = connection.connect(MODEL + "/5");
                    GridWatch watch = GridWatch.start(connection, MODEL, Map.of(5, layer))) {
                layer.forward(Matrix.of(7, 6, new float[42]));
                await().atMost(PATIENCE).until(() -> watch.view().forwards() == 1);
                await().atMost(PATIENCE).until(() -> membersUp(watch) == 2 && ranks(watch) == RANKS);
                assertThat(watch.problem()).isEmpty();
                assertThat(watch.view().events()).isEmpty();
                assertThat(watch.view().heat())
                        .extracting(ClusterView.LayerHeat::layer)
                        .containsExactly(5);
                await().atMost(PATIENCE)
                        .until(() -> sum(watch.view().heat().get(0).rows())
                                == 7L * weights.rule().topK());

                cluster.loseMember();
                await().atMost(PATIENCE).until(() -> membersUp(watch) == 1 && ranks(watch) == RANKS);
                assertThat(watch.view().members()).hasSize(2);
                assertThat(watch.view().events())
                        .extracting(ClusterView.Event::kind)
                        .containsSequence(EventKind.LOST, EventKind.MOVED);
                await().atMost(PATIENCE).until(() -> watch.problem().isEmpty());

                connection.undeploy(MODEL);
                await().atMost(PATIENCE).until(() -> watch.problem().isPresent());
                assertThat(watch.problem().orElseThrow()).contains(MODEL);
            }
        }
    }

    @Test
    void aClusterThatHasEndedIsAProblem() {
        MoeWeights weights = MoeWeights.random(new MoeShape(6, 8, 6, 3), ElementType.FLOAT32, new NamedRandomStates());
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1);
                Connection connection = Connection.to(cluster.clientConfig())) {
            new ModelDeployment("", Map.of(5, weights)).ranks(RANKS).deploy(connection.hazelcast(), MODEL);
            try (TensorParallelMoe layer = connection.connect(MODEL + "/5");
                    GridWatch watch = GridWatch.start(connection, MODEL, Map.of(5, layer), Duration.ofSeconds(1))) {
                await().atMost(PATIENCE).until(() -> membersUp(watch) == 1);
                assertThat(watch.problem()).isEmpty();

                cluster.member(0).getLifecycleService().terminate();
                await().atMost(PATIENCE).until(() -> watch.problem().isPresent());
                assertThat(watch.problem().orElseThrow()).contains("the cluster ");
            }
        }
    }

    private static long membersUp(GridWatch watch) {
        return watch.view().members().stream().filter(ClusterView.Member::up).count();
    }

    private static int ranks(GridWatch watch) {
        return watch.view().members().stream()
                .mapToInt(member -> member.ranks().size())
                .sum();
    }

    private static long sum(List<Long> rows) {
        return rows.stream().mapToLong(Long::longValue).sum();
    }
}
