package org.expertgrid.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.Examples;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.plain.PlainKernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompiledProductsTest {
    private static final int SEED = 29;
    private static final int INPUTS = 40;
    private static final int OUTPUTS = 50;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @ParameterizedTest
    @CsvSource({"BF16, 1", "INT8, 3", "FLOAT32, 6", "FLOAT64, 1"})
    void productsKeepTheirBitsWhenTheyBecomeVectors(WeightFormat format, int rows) {
        Kernels vector = new VectorKernels();
        CompiledProducts compiled = new CompiledProducts(vector, new PlainKernels());
        Kernels kernels = new VectorKernels(compiled);
        WeightMatrix wide = WeightMatrix.of(Examples.random(format.computedIn(), INPUTS, OUTPUTS, random));
        PackedWeights weights =
                PackedWeights.pack(format.narrow() ? Narrowing.of(wide, format).weight() : wide);
        Matrix x = Examples.random(format.computedIn(), rows, INPUTS, random);
        Matrix expected = vector.multiply(x, weights, Activation.IDENTITY);

        while (!compiled.has(format, rows)) {
            assertThat(kernels.multiply(x, weights, Activation.IDENTITY))
                    .as("seed %d", SEED)
                    .isEqualTo(expected);
        }

        assertThat(kernels.multiply(x, weights, Activation.IDENTITY))
                .as("seed %d", SEED)
                .isEqualTo(expected);
    }
}
