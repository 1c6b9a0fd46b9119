package org.expertgrid.experts.ranks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlicesTest {
    @Test
    void theFirstSlicesHoldOneMoreWhereTheWidthDoesNotDivide() {
        Slices slices = new Slices(11, 4);
        assertThat(new int[] {slices.size(0), slices.size(1), slices.size(2), slices.size(3)})
                .containsExactly(3, 3, 3, 2);
        assertThat(slices.from(0)).isZero();
        assertThat(slices.from(2)).isEqualTo(6);
        assertThat(slices.to(3)).isEqualTo(11);
    }

    @Test
    void slicesCoverTheWholeWidthWithoutOverlap() {
        for (int width = 1; width < 40; width++) {
            for (int parts = 1; parts <= width; parts++) {
                Slices slices = new Slices(width, parts);
                int next = 0;
                for (int part = 0; part < parts; part++) {
                    assertThat(slices.from(part)).isEqualTo(next);
                    assertThat(slices.size(part)).isPositive();
                    next = slices.to(part);
                }
                assertThat(next).isEqualTo(width);
            }
        }
    }
}
