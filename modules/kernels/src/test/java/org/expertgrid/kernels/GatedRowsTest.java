package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class GatedRowsTest {
    @Test
    void countsItsRows() {
        assertThat(new GatedRows(new int[] {0, 5, 6}, new double[3]).count()).isEqualTo(3);
        assertThat(new GatedRows(new int[0], new double[0]).count()).isZero();
    }

    @Test
    void tellsWhereARowStandsAmongThem() {
        GatedRows gated = new GatedRows(new int[] {2, 5, 6}, new double[3]);
        assertThat(new int[] {
                    gated.position(0), gated.position(2), gated.position(3), gated.position(6), gated.position(7)
                })
                .containsExactly(0, 0, 1, 2, 3);
    }

    @Test
    void refusesRowsThatDoNotAscend() {
        for (int[] rows : new int[][] {{-1, 0}, {3, 3}, {4, 2}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GatedRows(rows, new double[2]))
                    .withMessageContaining("strictly ascending");
        }
    }

    @Test
    void refusesAnotherNumberOfGates() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatedRows(new int[] {1, 2}, new double[3]))
                .withMessage("gates: 3 (expected: rows 2)");
    }
}
