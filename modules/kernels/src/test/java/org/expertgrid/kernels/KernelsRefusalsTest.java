package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.expertgrid.kernels.Activation.RELU;
import static org.expertgrid.kernels.ElementType.FLOAT32;
import static org.expertgrid.kernels.ElementType.FLOAT64;

import java.util.stream.Stream;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments that all kernels refuse, before they write anything. */
class KernelsRefusalsTest {
    private record Refusal(String message, Class<? extends RuntimeException> expected, Runnable call) {}

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusals")
    void refuses(String kernels, Refusal refusal) {
        assertThatThrownBy(refusal.call()::run)
                .isInstanceOf(refusal.expected())
                .hasMessageContaining(refusal.message());
    }

    static Stream<Arguments> refusals() {
        return Examples.kernels().stream()
                .flatMap(kernels -> Stream.of(ElementType.values())
                        .flatMap(type -> refusals(kernels, type)
                                .map(refusal -> Arguments.of(
                                        kernels.name() + ", " + type, Named.of(refusal.message(), refusal)))));
    }

    @Test
    void rowsOfOtherKernelsAreATarget() {
        for (Kernels kernels : Examples.kernels()) {
            for (ElementType type : ElementType.values()) {
                PackedRows hidden = others(kernels).rows(type);
                hidden.reset(2, 6);
                PackedRows own = Examples.gathered(kernels, Matrix.zeros(type, 2, 5), 0, 1);
                multiply(kernels, own, Region.whole(own, weights(type)), hidden).run();
            }
        }
    }

    private static Stream<Refusal> refusals(Kernels kernels, ElementType type) {
        Kernels others = others(kernels);
        ElementType other = type == FLOAT64 ? FLOAT32 : FLOAT64;
        PackedWeights weights = weights(type);
        Matrix x = Matrix.zeros(type, 3, 5);
        PackedRows rows = Examples.gathered(kernels, x, 0, 1, 2);
        PackedRows ofOthers = Examples.gathered(others, x, 0, 1, 2);
        Region whole = Region.whole(rows, weights);
        Target target = target(type, 3, 0, 6);
        return Stream.of(
                doesNotFit(
                        "width of the rows: 4 (expected: inputs of the weights 5)",
                        () -> kernels.multiply(Matrix.zeros(type, 2, 4), weights, RELU)),
                doesNotFit(
                        "rows: " + other + " (expected: " + type,
                        () -> kernels.multiply(Matrix.zeros(other, 2, 5), weights, RELU)),
                doesNotFit("rows of the target: 2", multiply(kernels, rows, whole, target(type, 2, 0, 6))),
                doesNotFit("columns of the target: 5", multiply(kernels, rows, whole, target(type, 3, 1, 5))),
                doesNotFit("target: " + other, multiply(kernels, rows, whole, target(other, 3, 0, 6))),
                doesNotFit("target: " + type, gather(kernels, Matrix.zeros(other, 3, 5), rows, 1, 0)),
                doesNotFit("width of the target: 5", gather(kernels, Matrix.zeros(type, 3, 4), rows, 1, 0)),
                doesNotFit("rows: of the kernels " + others.name(), multiply(kernels, ofOthers, whole, target)),
                doesNotFit("target: of the kernels " + others.name(), gather(kernels, x, ofOthers, 1, 0)),
                isNotThere("rows of the region", multiply(kernels, rows, new Region(0, 4, 0, 1), target)),
                isNotThere("rows of the region", multiply(kernels, rows, new Region(-1, 3, 0, 1), target)),
                isNotThere(
                        "panels of the region",
                        multiply(kernels, rows, new Region(0, 3, 0, weights.panels() + 1), target)),
                isNotThere("row of x: from 3", gather(kernels, x, rows, 3, 0, 1, 3)),
                isNotThere("row of x: from -1", gather(kernels, x, rows, 3, 0, -1, 2)),
                isNotThere("selection", gather(kernels, x, rows, 3, 0, 1)),
                isNotThere("rows of the target", gather(kernels, x, rows, 4, 0, 1, 2, 0)));
    }

    private static Kernels others(Kernels kernels) {
        return KernelsChoice.named(kernels.name().equals("plain") ? "ojalgo" : "plain");
    }

    private static PackedWeights weights(ElementType type) {
        return PackedWeights.pack(WeightMatrix.of(Matrix.zeros(type, 5, 6)), Matrix.zeros(type, 1, 6));
    }

    private static Runnable multiply(Kernels kernels, PackedRows rows, Region region, Target target) {
        return () -> kernels.multiply(rows, weights(rows.elementType()), region, RELU, target);
    }

    private static Runnable gather(Kernels kernels, Matrix x, PackedRows target, int to, int... selection) {
        return () -> kernels.gather(x, selection, 0, to, target);
    }

    private static Refusal doesNotFit(String message, Runnable call) {
        return new Refusal(message, IllegalArgumentException.class, call);
    }

    private static Refusal isNotThere(String message, Runnable call) {
        return new Refusal(message, IndexOutOfBoundsException.class, call);
    }

    private static Target target(ElementType type, int rows, int column, int columns) {
        return MatrixBuffer.allocate(type, rows, 6).store(column, columns);
    }
}
