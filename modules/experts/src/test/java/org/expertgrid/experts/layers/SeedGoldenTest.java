package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.DoubleStream;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.GoldenCase;
import org.expertgrid.experts.GoldenCase.Checksums;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** NumPy's checksums of the seed's own shape: batch, input, hidden and output 1000, 10 experts, top-k 2. */
class SeedGoldenTest {
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor();
    private static GoldenCase golden;
    private static MoeWeights weights;

    @BeforeAll
    static void drawWeights() {
        golden = GoldenCase.load(GoldenCase.SEED);
        MoeShape shape = new MoeShape(golden.featureDim(), golden.hiddenDim(), golden.outputDim(), golden.experts());
        weights = MoeWeights.random(shape, ElementType.FLOAT64, new NamedRandomStates())
                .inMemory();
    }

    @AfterAll
    static void forget() {
        POOL.shutdown();
        weights = null;
    }

    @Test
    void theRoutingIsNumPys() {
        assertRoutingIsNumPys(new Router(weights.router(), RouterRule.seed(golden.topK())).route(golden.x()), 1e-12);
    }

    @Test
    void batchedMoeHasNumPysSums() {
        assertSums(new BatchedMoe(weights, golden.topK(), KernelsChoice.best(), ThreadTeam.of(POOL, 2))
                .forward(golden.x()));
    }

    @Test
    @Tag("slow")
    void simpleMoeHasNumPysSums() {
        assertSums(new SimpleMoe(weights, golden.topK(), KernelsChoice.best()).forward(golden.x()));
    }

    @Test
    void inSinglePrecisionTheRoutingIsTheSameAndTheOutputNumPysTo5Digits() {
        MoeWeights rounded = Examples.to(ElementType.FLOAT32, weights);
        Matrix x = golden.x().to(ElementType.FLOAT32);
        assertRoutingIsNumPys(new Router(rounded.router(), RouterRule.seed(golden.topK())).route(x), 1e-5);
        Matrix y = new BatchedMoe(rounded, golden.topK(), KernelsChoice.best(), ThreadTeam.of(POOL, 2)).forward(x);
        assertPartsAreNumPys(y, 1e-5);
    }

    private static void assertRoutingIsNumPys(Routing routing, double tolerance) {
        for (int row = 0; row < golden.batch(); row++) {
            for (int k = 0; k < golden.topK(); k++) {
                assertThat(routing.index(row, k)).as("row %d", row).isEqualTo(golden.indices()[row][k]);
                assertThat(routing.gate(row, k)).as("row %d", row).isCloseTo(golden.gates()[row][k], within(tolerance));
            }
        }
        assertThat(routing.byExpert().stream().mapToInt(rows -> rows.count()).toArray())
                .isEqualTo(golden.checksums().rowsPerExpert());
    }

    private static void assertSums(Matrix y) {
        Checksums expected = golden.checksums();
        double[] values = y.toDoubleArray();
        assertThat(DoubleStream.of(values).sum()).as("sum").isCloseTo(expected.sum(), within(1e-9));
        assertThat(DoubleStream.of(values).map(Math::abs).sum())
                .as("sum of magnitudes")
                .isCloseTo(expected.absoluteSum(), within(1e-9 * expected.absoluteSum()));
        double[] rowSums = new double[y.rows()];
        for (int row = 0; row < y.rows(); row++) {
            rowSums[row] =
                    DoubleStream.of(y.rowRange(row, row + 1).toDoubleArray()).sum();
        }
        assertThat(rowSums).as("row sums").containsExactly(expected.rowSums(), within(1e-9));
        double[] columnSums = new double[y.columns()];
        for (int i = 0; i < values.length; i++) {
            columnSums[i % y.columns()] += values[i];
        }
        assertThat(columnSums).as("column sums").containsExactly(expected.columnSums(), within(1e-9));
        assertPartsAreNumPys(y, 1e-12);
    }

    /** The scale is that of the parts alone, which is not above the whole output's. */
    private static void assertPartsAreNumPys(Matrix y, double tolerance) {
        Checksums expected = golden.checksums();
        Matrix corner = expected.corner();
        double[] cornerOfY =
                y.rowRange(0, corner.rows()).columnRange(0, corner.columns()).toDoubleArray();
        double scale = Examples.scale(expected.lastRow());
        assertThat(cornerOfY).as("corner").containsExactly(corner.toDoubleArray(), within(tolerance * scale));
        assertThat(y.rowRange(y.rows() - 1, y.rows()).toDoubleArray())
                .as("last row")
                .containsExactly(expected.lastRow(), within(tolerance * scale));
    }
}
