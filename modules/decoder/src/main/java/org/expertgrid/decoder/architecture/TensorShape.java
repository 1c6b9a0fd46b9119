package org.expertgrid.decoder.architecture;

import java.util.List;

/**
 * A tensor that a checkpoint must have.
 *
 * @param shape the sizes of the dimensions, the slowest first
 */
public record TensorShape(String name, List<Long> shape) {
    static TensorShape vector(String name, int width) {
        return new TensorShape(name, List.of((long) width));
    }

    static TensorShape matrix(String name, int rows, int columns) {
        return new TensorShape(name, List.of((long) rows, (long) columns));
    }
}
