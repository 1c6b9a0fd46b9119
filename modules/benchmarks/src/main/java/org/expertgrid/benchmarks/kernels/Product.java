package org.expertgrid.benchmarks.kernels;

import java.util.stream.IntStream;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;
import org.expertgrid.kernels.WeightMatrix;

/**
 * One matrix product of Expertgrid on one thread, as a layer computes it: each call packs the rows, the weights are packed before,
 * and memory is reused.
 *
 * <p>For one thread.
 */
public final class Product {
    /** Copies of this many bytes in total are used in turn, so that no cache holds them. */
    private static final long BYTES_OF_WEIGHTS = 128L << 20;

    private final Kernels kernels;
    private final Matrix x;
    private final int[] selection;
    private final PackedRows rows;
    private final PackedWeights[] weights;
    private final MatrixBuffer product;

    /**
     * Packs the weights.
     *
     * @param bias null for none
     * @param copies the number of packed copies of the weights that are used in turn
     */
    public Product(Kernels kernels, Matrix x, WeightMatrix weight, Matrix bias, int copies) {
        this.kernels = kernels;
        this.x = x;
        this.selection = IntStream.range(0, x.rows()).toArray();
        this.rows = kernels.rows(x.elementType());
        rows.reset(x.rows(), x.columns());
        this.weights = IntStream.range(0, copies)
                .mapToObj(copy -> PackedWeights.pack(weight, bias))
                .toArray(PackedWeights[]::new);
        this.product = MatrixBuffer.allocate(x.elementType(), x.rows(), weight.columns());
    }

    /** Returns a matrix that is drawn as the seed draws it. */
    public static Matrix draw(int rows, int columns, ElementType element) {
        return new RandomState(0).randn(rows, columns).to(element);
    }

    /** Returns the number of copies of a weight that no cache holds. */
    static int copies(WeightMatrix weight) {
        return (int) Math.max(1, BYTES_OF_WEIGHTS / weight.bytes());
    }

    /** Returns the bytes of one copy of the packed weights, scales and bias included. */
    long weightBytes() {
        return weights[0].bytes();
    }

    /** Multiplies by the copy of that number. */
    public void multiply(int number) {
        kernels.gather(x, selection, 0, x.rows(), rows);
        multiplyPacked(number);
    }

    /** Multiplies rows that are packed already by the copy of that number. */
    public void multiplyPacked(int number) {
        PackedWeights chosen = weights[number % weights.length];
        kernels.multiply(
                rows, chosen, Region.whole(rows, chosen), Activation.IDENTITY, product.store(0, chosen.outputs()));
    }

    /** Returns a copy of the latest result. */
    Matrix result() {
        return product.toMatrix().rowRange(0, x.rows());
    }
}
