package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.stream.DoubleStream;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.experts.GoldenCase;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** NumPy's numbers, from a cluster of 3 members, by as many ranks as the widths allow. */
@Tag("slow")
class GoldenTest {
    private static final List<Integer> RANKS = List.of(1, 2, 3, 4, 10);

    private static EmbeddedCluster cluster;
    private static HazelcastInstance client;

    @BeforeAll
    static void startACluster() {
        cluster = EmbeddedCluster.start(3);
        client = cluster.connect();
    }

    @AfterAll
    static void endTheCluster() {
        client.shutdown();
        cluster.close();
    }

    /** Ranks, exchanges and callers in turn. Other tests show that ranks and callers change no bit. */
    @Test
    void everyGoldenCaseComesOutAsNumPyHasIt() {
        List<GoldenCase> cases = GoldenCase.complete().toList();
        for (int i = 0; i < cases.size(); i++) {
            int ranks = RANKS.get(i % RANKS.size());
            compare(cases.get(i), ElementType.FLOAT64, 1e-12, ranks, Exchange.CONCAT, cluster.member(0));
            compare(cases.get(i), ElementType.FLOAT32, 1e-5, ranks, Exchange.REDUCE, client);
        }
    }

    @Test
    @Tag("nightly")
    void everyGoldenCaseComesOutAsNumPyHasItWithAnyRanks() {
        for (GoldenCase golden : GoldenCase.complete().toList()) {
            for (int ranks : RANKS) {
                for (Exchange exchange : Exchange.values()) {
                    compare(golden, ElementType.FLOAT64, 1e-12, ranks, exchange, cluster.member(0));
                    compare(golden, ElementType.FLOAT32, 1e-5, ranks, exchange, client);
                }
            }
        }
    }

    /** REDUCE: other tests show that CONCAT has the bits of BatchedMoe. */
    @Test
    @Tag("slow")
    void theSeedsOwnShapeComesOutAsNumPyHasIt() {
        GoldenCase golden = GoldenCase.load(GoldenCase.SEED);
        try (TensorParallelMoe moe = deploy(golden, ElementType.FLOAT64, 10, Exchange.REDUCE, cluster.member(0))) {
            Matrix y = moe.forward(golden.x());
            GoldenCase.Checksums sums = golden.checksums();
            double[] values = y.toDoubleArray();
            assertThat(DoubleStream.of(values).sum()).isCloseTo(sums.sum(), within(1e-9 * sums.absoluteSum()));
            assertThat(DoubleStream.of(values).map(Math::abs).sum())
                    .isCloseTo(sums.absoluteSum(), within(1e-9 * sums.absoluteSum()));
            for (int row = 0; row < y.rows(); row++) {
                double sum = DoubleStream.of(y.rowRange(row, row + 1).toDoubleArray())
                        .sum();
                assertThat(sum).isCloseTo(sums.rowSums()[row], within(1e-9));
            }
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                    assertThat(y.get(row, column)).isCloseTo(sums.corner().get(row, column), within(1e-12));
                }
            }
            // Every rank holds at least a tile of both weights of all 10 experts, and there is a backup of each.
            assertThat(Connection.of(cluster.member(0)).status().members().stream()
                            .mapToInt(MemberStatus::tiles)
                            .sum())
                    .isGreaterThanOrEqualTo(2 * 20 * 10)
                    .isEven();
            assertThat(moe.status().ranksByMember().values().stream().map(List::size))
                    .containsExactlyInAnyOrder(4, 4, 2);
            moe.undeploy();
        }
    }

    /** Compares with as many ranks, or the most that the width allows. */
    private static void compare(
            GoldenCase golden,
            ElementType type,
            double tolerance,
            int mostRanks,
            Exchange exchange,
            HazelcastInstance hazelcast) {
        int widest =
                exchange == Exchange.REDUCE ? golden.hiddenDim() : Math.min(golden.hiddenDim(), golden.outputDim());
        int ranks = Math.min(mostRanks, widest);
        try (TensorParallelMoe moe = deploy(golden, type, ranks, exchange, hazelcast)) {
            Matrix x = golden.x().to(type);
            Routing routing = moe.route(x);
            double scale = 1;
            for (double value : golden.output().toDoubleArray()) {
                scale = Math.max(scale, Math.abs(value));
            }
            Matrix y = moe.forward(x);
            for (int row = 0; row < golden.batch(); row++) {
                for (int k = 0; k < routing.topK(); k++) {
                    assertThat(routing.index(row, k)).isEqualTo(golden.indices()[row][k]);
                }
                for (int column = 0; column < golden.outputDim(); column++) {
                    assertThat(y.get(row, column))
                            .as("%s, %d ranks, %s, %s, row %d, column %d", golden, ranks, exchange, type, row, column)
                            .isCloseTo(golden.output().get(row, column), within(tolerance * scale));
                }
            }
            moe.undeploy();
        }
    }

    private static TensorParallelMoe deploy(
            GoldenCase golden, ElementType type, int ranks, Exchange exchange, HazelcastInstance hazelcast) {
        MoeShape shape = new MoeShape(golden.featureDim(), golden.hiddenDim(), golden.outputDim(), golden.experts());
        MoeWeights weights = MoeWeights.random(shape, type, new NamedRandomStates());
        return TensorParallelMoe.builder(weights)
                .topK(golden.topK())
                .ranks(ranks)
                .exchange(exchange)
                .deploy(hazelcast, golden + "-" + ranks + "-" + type);
    }
}
