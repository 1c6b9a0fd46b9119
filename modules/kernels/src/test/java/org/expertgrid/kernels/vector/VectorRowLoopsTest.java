package org.expertgrid.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.expertgrid.kernels.RowLoops;
import org.junit.jupiter.api.Test;

class VectorRowLoopsTest {
    private static final int SEED = 23;
    private static final int LONGEST = 70;

    private final RowLoops loops = new VectorRowLoops();
    private final Random random = new Random(SEED);

    @Test
    void givesTheBitsOfPlainLoopsInFloat64AndTouchesNothingElse() {
        for (int count = 0; count <= LONGEST; count++) {
            double[] values = random.doubles(LONGEST + 5).toArray();
            double[] expected = random.doubles(LONGEST + 9).toArray();
            double[] actual = expected.clone();
            double factor = random.nextGaussian();
            RowLoops.PLAIN.add(values, 3, expected, 7, count);
            RowLoops.PLAIN.addScaled(values, 1, factor, expected, 2, count);
            loops.add(values, 3, actual, 7, count);
            loops.addScaled(values, 1, factor, actual, 2, count);
            assertThat(actual).as("%d elements, seed %d", count, SEED).containsExactly(expected);
        }
    }

    @Test
    void givesTheBitsOfPlainLoopsInFloat32AndTouchesNothingElse() {
        for (int count = 0; count <= LONGEST; count++) {
            float[] values = floats(LONGEST + 5);
            float[] expected = floats(LONGEST + 9);
            float[] actual = expected.clone();
            float factor = random.nextFloat();
            RowLoops.PLAIN.add(values, 3, expected, 7, count);
            RowLoops.PLAIN.addScaled(values, 1, factor, expected, 2, count);
            loops.add(values, 3, actual, 7, count);
            loops.addScaled(values, 1, factor, actual, 2, count);
            assertThat(actual).as("%d elements, seed %d", count, SEED).containsExactly(expected);
        }
    }

    @Test
    void addsScaledRowsInTurn() {
        for (int width = 0; width <= LONGEST; width++) {
            int count = random.nextInt(12);
            float[] rows = floats(5 + count * width);
            float[] factors = floats(count + 5);
            float[] expected = floats(width);
            float[] actual = expected.clone();
            float[] plain = expected.clone();
            for (int row = 0; row < count; row++) {
                RowLoops.PLAIN.addScaled(rows, 3 + row * width, factors[4 + row], expected, 0, width);
            }
            loops.addScaledRows(rows, 3, count, factors, 4, actual);
            RowLoops.PLAIN.addScaledRows(rows, 3, count, factors, 4, plain);
            assertThat(actual).as("%d rows of %d, seed %d", count, width, SEED).containsExactly(expected);
            assertThat(plain).as("%d rows of %d, seed %d", count, width, SEED).containsExactly(expected);
        }
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
