package org.expertgrid.benchmarks.kernels;

import java.util.List;
import java.util.stream.Stream;

/**
 * The sizes of one matrix product: {@code [rows, inputs] x [inputs, outputs]}.
 *
 * @param rows of the left side
 * @param inputs its width
 * @param outputs the width of the product
 */
record ProductShape(int rows, int inputs, int outputs) {
    /** The products of the seed's layer with few and many rows, and one of another shape. */
    static final List<ProductShape> ALL = Stream.concat(
                    Stream.of(1, 4, 16, 64, 200, 973).map(rows -> new ProductShape(rows, 1000, 1000)),
                    Stream.of(new ProductShape(200, 4096, 1024)))
            .toList();

    /** Parses the output of {@link #toString}. */
    static ProductShape parse(String text) {
        String[] sizes = text.split("x");
        return new ProductShape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
    }

    double operations() {
        return 2.0 * rows * inputs * outputs;
    }

    @Override
    public String toString() {
        return rows + "x" + inputs + "x" + outputs;
    }
}
