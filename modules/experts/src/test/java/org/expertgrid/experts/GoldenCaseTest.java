package org.expertgrid.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenCaseTest {
    static Stream<GoldenCase> all() {
        return Stream.concat(GoldenCase.complete(), Stream.of(GoldenCase.load(GoldenCase.SEED)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyCaseFitsItsShape(GoldenCase golden) {
        int chosen = Math.min(golden.topK(), golden.experts());
        assertThat(golden.x().rows()).isEqualTo(golden.batch());
        assertThat(golden.x().columns()).isEqualTo(golden.featureDim());
        assertThat(golden.indices()).hasDimensions(golden.batch(), chosen);
        assertThat(golden.gates()).hasDimensions(golden.batch(), chosen);
        for (double[] gates : golden.gates()) {
            assertThat(Arrays.stream(gates).sum()).isCloseTo(1, within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.GoldenCase#complete")
    void everyInputIsDrawnFromTesting(GoldenCase golden) {
        Matrix drawn = new RandomState(0).randn(golden.batch(), golden.featureDim());
        assertThat(golden.x().toDoubleArray()).containsExactly(drawn.toDoubleArray(), within(1e-15));
        assertThat(golden.output().rows()).isEqualTo(golden.batch());
        assertThat(golden.output().columns()).isEqualTo(golden.outputDim());
        assertThat(golden.checksums()).isNull();
    }

    @Test
    void theSeedsOwnShapeHasChecksums() {
        GoldenCase seed = GoldenCase.load(GoldenCase.SEED);
        GoldenCase.Checksums checksums = seed.checksums();
        assertThat(seed.output()).isNull();
        assertThat(checksums.sum()).isEqualTo(-1908.1653086221197, within(1e-9));
        assertThat(Arrays.stream(checksums.rowSums()).sum()).isCloseTo(checksums.sum(), within(1e-9));
        assertThat(Arrays.stream(checksums.columnSums()).sum()).isCloseTo(checksums.sum(), within(1e-9));
        assertThat(checksums.rowSums()).hasSize(1000);
        assertThat(checksums.lastRow()).hasSize(1000);
        assertThat(checksums.corner().get(0, 3)).isCloseTo(-0.983888209867937, within(1e-12));
        assertThat(checksums.absoluteSum()).isCloseTo(614644.5794202564, within(1e-6));
        assertThat(checksums.rowsPerExpert()).containsExactly(0, 0, 973, 1, 0, 0, 174, 852, 0, 0);
    }
}
