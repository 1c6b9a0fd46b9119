package org.expertgrid.kernels;

import java.util.Arrays;

/**
 * The matrix product that everything rests on: {@code activation(rows x weights + bias)}, where the weights were packed
 * once ({@link PackedWeights#pack}) and the rows are gathered from a batch.
 *
 * <pre>
 *   Matrix x --gather--> PackedRows --multiply(PackedWeights)--> Target: PackedRows of the next product,
 *                                                                        columns of a MatrixBuffer,
 *                                                                        or gated rows added to one
 * </pre>
 *
 * <p>A product is computed by {@linkplain Region regions}, which threads divide among themselves; this interface starts
 * no threads. With one kernel an output element's bits depend on its row, its column of the weights and its bias alone:
 * not on the rows and columns beside it, on the region, or on the target. Weights of a narrow format give the bits of the weights
 * that they widen to ({@link WeightMatrix#toMatrix}), unless the format {@linkplain WeightFormat#narrowsRows narrows the rows}, too.
 *
 * <p>Implementations are stateless and safe for use by many threads. All of them read the same {@link PackedWeights};
 * {@link PackedRows} are for the kernels that made them.
 */
public interface Kernels {
    /** Returns the name of this way of computing. */
    String name();

    /** Returns the name and what it means on this machine, for people to read: "vector, 512 bits". */
    default String description() {
        return name();
    }

    /** Returns loops over rows of numbers, for what is beside the products. All kernels' loops give the same bits. */
    default RowLoops rowLoops() {
        return RowLoops.PLAIN;
    }

    /** Returns an empty working memory for rows of that type. */
    PackedRows rows(ElementType type);

    /**
     * Fills rows {@code from} to {@code to} of {@code target}, which has been reset to its shape: its row {@code i} becomes row
     * {@code selection[i]} of {@code x}.
     *
     * @throws IllegalArgumentException if width or element type do not fit, or {@code target} belongs to other kernels
     * @throws IndexOutOfBoundsException if {@code target}, {@code selection} or {@code x} has no such row; nothing is filled
     *     in either case
     */
    void gather(Matrix x, int[] selection, int from, int to, PackedRows target);

    /**
     * Computes one region of {@code activation(rows x weights + bias)} and puts it into {@code target}.
     *
     * @throws IllegalArgumentException if shapes or element types do not fit, or if the rows belong to other kernels
     * @throws IndexOutOfBoundsException if the region is not within rows and weights
     */
    void multiply(PackedRows rows, PackedWeights weights, Region region, Activation activation, Target target);

    /**
     * Computes one region of a gated expert's hidden rows and puts it into {@code target}: what {@code activation} makes of
     * {@code rows x gate + bias} and {@code rows x up + bias}.
     *
     * @param region of either product; both have the same panels
     * @throws IllegalArgumentException if shapes or element types do not fit, or if the rows belong to other kernels
     * @throws IndexOutOfBoundsException if the region is not within rows and weights
     */
    default void multiplyGated(
            PackedRows rows,
            PackedWeights gate,
            PackedWeights up,
            Region region,
            GatedActivation activation,
            Target target) {
        Shapes.product(name(), rows, gate, region, target);
        Shapes.product(name(), rows, up, region, target);
        new GatedProduct(this, rows, gate, up, activation, target).multiply(region);
    }

    /**
     * Returns {@code activation(x weights + bias)}, computed by the calling thread alone.
     *
     * @param x {@code [any, in]}
     * @return {@code [x.rows, out]}, of the element type of {@code x}
     * @throws IllegalArgumentException if {@code x} is not as wide as the weights' inputs or of another element type
     */
    default Matrix multiply(Matrix x, PackedWeights weights, Activation activation) {
        PackedRows rows = rows(x.elementType());
        rows.reset(x.rows(), x.columns());
        int[] all = new int[x.rows()];
        Arrays.setAll(all, i -> i);
        gather(x, all, 0, all.length, rows);
        MatrixBuffer product = MatrixBuffer.allocate(x.elementType(), x.rows(), weights.outputs());
        multiply(rows, weights, Region.whole(rows, weights), activation, product.store(0, weights.outputs()));
        return product.toMatrix();
    }
}
