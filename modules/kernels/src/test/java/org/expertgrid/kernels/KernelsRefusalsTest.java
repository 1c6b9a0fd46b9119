package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.expertgrid.kernels.Activation.RELU;
import static org.expertgrid.kernels.ElementType.FLOAT32;
import static org.expertgrid.kernels.ElementType.FLOAT64;

import java.util.stream.Stream;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments that all kernels refuse, before they write anything. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("kernelsAndTypes")
class KernelsRefusalsTest {
    private final Kernels kernels;
    private final ElementType type;
    private final PackedWeights weights;

    KernelsRefusalsTest(Kernels kernels, ElementType type) {
        this.kernels = kernels;
        this.type = type;
        this.weights = PackedWeights.pack(WeightMatrix.of(Matrix.zeros(type, 5, 6)), Matrix.zeros(type, 1, 6));
    }

    static Stream<Arguments> kernelsAndTypes() {
        return Examples.kernels().stream()
                .flatMap(kernels -> Stream.of(ElementType.values())
                        .map(type -> Arguments.of(Named.of(kernels.name(), kernels), type)));
    }

    @Test
    void refusesWhatDoesNotFit() {
        ElementType other = type == FLOAT64 ? FLOAT32 : FLOAT64;
        refuses(
                () -> kernels.multiply(Matrix.zeros(type, 2, 4), weights, RELU),
                "width of the rows: 4 (expected: inputs of the weights 5)");
        refuses(
                () -> kernels.multiply(Matrix.zeros(other, 2, 5), weights, RELU),
                "rows: " + other + " (expected: " + type);
        PackedRows rows = Examples.gathered(kernels, Matrix.zeros(type, 3, 5), 0, 1, 2);
        Region whole = Region.whole(rows, weights);
        refuses(
                () -> kernels.multiply(
                        rows,
                        weights,
                        whole,
                        RELU,
                        MatrixBuffer.allocate(type, 2, 6).store(0, 6)),
                "rows of the target: 2");
        refuses(
                () -> kernels.multiply(
                        rows,
                        weights,
                        whole,
                        RELU,
                        MatrixBuffer.allocate(type, 3, 6).store(1, 5)),
                "columns of the target: 5");
        refuses(
                () -> kernels.multiply(
                        rows,
                        weights,
                        whole,
                        RELU,
                        MatrixBuffer.allocate(other, 3, 6).store(0, 6)),
                "target: " + other);
        refuses(() -> kernels.gather(Matrix.zeros(other, 3, 5), new int[] {0}, 0, 1, rows), "target: " + type);
        refuses(() -> kernels.gather(Matrix.zeros(type, 3, 4), new int[] {0}, 0, 1, rows), "width of the target: 5");
    }

    @Test
    void refusesRowsAndPanelsThatAreNotThere() {
        PackedRows rows = Examples.gathered(kernels, Matrix.zeros(type, 3, 5), 0, 1, 2);
        Target target = MatrixBuffer.allocate(type, 3, 6).store(0, 6);
        Matrix x = Matrix.zeros(type, 3, 5);
        outOfBounds(() -> kernels.multiply(rows, weights, new Region(0, 4, 0, 1), RELU, target), "rows of the region");
        outOfBounds(() -> kernels.multiply(rows, weights, new Region(-1, 3, 0, 1), RELU, target), "rows of the region");
        outOfBounds(
                () -> kernels.multiply(rows, weights, new Region(0, 3, 0, weights.panels() + 1), RELU, target),
                "panels of the region");
        outOfBounds(() -> kernels.gather(x, new int[] {0, 1, 3}, 0, 3, rows), "row of x: from 3");
        outOfBounds(() -> kernels.gather(x, new int[] {0, -1, 2}, 0, 3, rows), "row of x: from -1");
        outOfBounds(() -> kernels.gather(x, new int[] {0, 1}, 0, 3, rows), "selection");
        outOfBounds(() -> kernels.gather(x, new int[] {0, 1, 2, 0}, 0, 4, rows), "rows of the target");
    }

    @Test
    void refusesRowsOfOtherKernels() {
        Kernels others = KernelsChoice.named(kernels.name().equals("plain") ? "ojalgo" : "plain");
        Matrix x = Matrix.zeros(type, 2, 5);
        PackedRows rows = Examples.gathered(others, x, 0, 1);
        Target target = MatrixBuffer.allocate(type, 2, 6).store(0, 6);
        refuses(
                () -> kernels.multiply(rows, weights, Region.whole(rows, weights), RELU, target),
                "rows: of the kernels " + others.name());
        refuses(() -> kernels.gather(x, new int[] {0}, 0, 1, rows), "target: of the kernels " + others.name());
        PackedRows hidden = others.rows(type);
        hidden.reset(2, 6);
        PackedRows own = Examples.gathered(kernels, x, 0, 1);
        kernels.multiply(own, weights, Region.whole(own, weights), RELU, hidden);
    }

    private static void refuses(Runnable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
    }

    private static void outOfBounds(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining(message);
    }
}
