package org.expertgrid.kernels.vector.wide;

import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.RowNarrowing;

/**
 * One row that is narrowed to 8 bits, in the order in which loops in shorts read it.
 *
 * <pre>
 *   a word of W4A8     [ k0 k1 k2 k3 | k4 k5 k6 k7 ]     two shorts
 *   its factors        [     k0      |     k4      ]
 *                      [     k1      |     k5      ]  and two more
 *
 *   a word of W8A8     [ k0  k1 | k2  k3 ]
 *   its factors        [   k0   |   k2   ]
 *                      [   k1   |   k3   ]  and what is to be added: -128 x (k0 + k1), -128 x (k2 + k3)
 * </pre>
 *
 * Public only because rooms are apart.
 *
 * @param factors for each word of a column the ints above
 * @param scales one for each group of inputs
 * @param sums the sum of all codes of each group of inputs
 */
public record NarrowedRow(int[] factors, float[] scales, int[] sums) {
    private static final int SHORT = 0xFFFF;

    static NarrowedRow of(float[] x, int at, int step, TileLayout layout) {
        int depth = layout.inputs();
        float[] numbers = new float[depth];
        for (int k = 0; k < depth; k++) {
            numbers[k] = x[at + k * step];
        }
        float[] codes = new float[depth];
        float[] scales = new float[layout.groups()];
        RowNarrowing.narrow(numbers, 0, layout, codes, 0, scales, 0);
        int half = layout.codesOfWord() / 2;
        boolean bytes = layout.format().bits() == Byte.SIZE;
        int[] factors = new int[depth / (2 * half) * (bytes ? half + 1 : half)];
        for (int k = 0, f = 0; k < depth; k += 2 * half) {
            for (int i = 0; i < half; i++) {
                factors[f++] = shorts((int) codes[k + i], (int) codes[k + half + i]);
            }
            if (bytes) {
                factors[f++] = shorts(
                        Byte.MIN_VALUE * (int) (codes[k] + codes[k + 1]),
                        Byte.MIN_VALUE * (int) (codes[k + 2] + codes[k + 3]));
            }
        }
        int[] sums = new int[layout.groups()];
        for (int k = 0; k < depth; k++) {
            sums[layout.group(k)] += (int) codes[k];
        }
        return new NarrowedRow(factors, scales, sums);
    }

    private static int shorts(int high, int low) {
        return high << Short.SIZE | low & SHORT;
    }
}
