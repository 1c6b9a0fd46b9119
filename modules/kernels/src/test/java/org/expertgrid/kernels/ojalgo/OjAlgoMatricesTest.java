package org.expertgrid.kernels.ojalgo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Examples;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

class OjAlgoMatricesTest {
    private final SplittableRandom random = new SplittableRandom(11);

    @ParameterizedTest
    @EnumSource
    void comeBackAsTheyWent(ElementType type) {
        for (int[] shape : new int[][] {{1, 1}, {3, 5}, {5, 3}, {1, 40}, {40, 1}}) {
            Matrix matrix = Examples.wild(type, shape[0], shape[1], random);
            MatrixStore<Double> store = OjAlgoMatrices.toOjAlgo(matrix);
            assertThat(store.countRows()).isEqualTo(shape[0]);
            assertThat(store.countColumns()).isEqualTo(shape[1]);
            assertThat(OjAlgoMatrices.fromOjAlgo(store)).isEqualTo(matrix);
        }
    }

    @ParameterizedTest
    @EnumSource
    void haveEachElementWhereItWas(ElementType type) {
        MatrixStore<Double> store = OjAlgoMatrices.toOjAlgo(
                Matrix.of(2, 3, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0).to(type));
        assertThat(store.doubleValue(0, 2)).isEqualTo(3);
        assertThat(store.doubleValue(1, 0)).isEqualTo(4);
        assertThat(OjAlgoMatrices.fromOjAlgo(store.transpose()).get(2, 0)).isEqualTo(3);
    }

    @Test
    void areCopies() {
        R064Store store = R064Store.FACTORY.make(2, 2);
        Matrix matrix = OjAlgoMatrices.fromOjAlgo(store);
        store.set(0, 0, 1.0);
        assertThat(matrix.get(0, 0)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void emptyOnesComeBackEmpty(ElementType type) {
        Matrix empty = Matrix.zeros(type, 0, 3);
        assertThat(OjAlgoMatrices.fromOjAlgo(OjAlgoMatrices.toOjAlgo(empty))).isEqualTo(empty);
    }
}
