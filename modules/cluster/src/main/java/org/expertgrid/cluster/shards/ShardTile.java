package org.expertgrid.cluster.shards;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.TileSizes;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * A piece of a rank's slice of one weight, as it lies in the grid: whole rows of {@code [W; b]}, the weight with its bias as one
 * more row, little-endian. Immutable: written once, never replaced.
 *
 * @param elementType what the elements are
 * @param inputs rows of the slice's weight, the bias not counted
 * @param outputs columns of the slice
 * @param tiles how many tiles the slice has
 * @param elements the rows
 */
public record ShardTile(ElementType elementType, int inputs, int outputs, int tiles, byte[] elements) {
    /** Cuts a slice. */
    public static List<ShardTile> cut(LinearWeights slice) {
        ElementType type = slice.elementType();
        int step = TileSizes.rowsPerTile(type, slice.outputs());
        int count = TileSizes.count(type, slice.inputs(), slice.outputs());
        List<ShardTile> tiles = new ArrayList<>();
        for (int tile = 0; tile < count; tile++) {
            int from = tile * step;
            int to = Math.min(from + step, slice.inputs() + 1);
            ByteBuffer buffer = ByteBuffer.allocate((to - from) * slice.outputs() * type.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            slice.weight()
                    .rowRange(from, Math.min(to, slice.inputs()))
                    .toMatrix()
                    .putInto(buffer);
            if (to > slice.inputs()) {
                slice.bias().putInto(buffer);
            }
            tiles.add(new ShardTile(type, slice.inputs(), slice.outputs(), count, buffer.array()));
        }
        return tiles;
    }

    /** Refuses tiles that do not hold what the first one says, before anything is allocated for it. */
    private static void checkComplete(List<ShardTile> tiles) {
        ShardTile first = tiles.get(0);
        long bytes = tiles.stream().mapToLong(tile -> tile.elements.length).sum();
        long expected = (first.inputs + 1L) * first.outputs * first.elementType.bytes();
        if (first.inputs < 0 || first.outputs < 1 || bytes != expected) {
            throw new MalformedMessageException("tiles: " + bytes + " bytes (expected: " + expected + ", a slice of "
                    + first.inputs + " x " + first.outputs + " and its bias)");
        }
    }

    /** Puts the tiles of a slice, all of them and in order, together again. */
    public static LinearWeights join(List<ShardTile> tiles) {
        ShardTile first = tiles.get(0);
        checkComplete(tiles);
        MatrixBuffer weight = MatrixBuffer.allocate(first.elementType, first.inputs, first.outputs);
        Matrix bias = null;
        int row = 0;
        for (ShardTile tile : tiles) {
            ByteBuffer buffer = ByteBuffer.wrap(tile.elements).order(ByteOrder.LITTLE_ENDIAN);
            int rows = tile.elements.length / (first.outputs * first.elementType.bytes());
            int weightRows = Math.min(rows, first.inputs - row);
            Matrix block = Matrix.getFrom(buffer, first.elementType, weightRows, first.outputs);
            for (int i = 0; i < weightRows; i++) {
                weight.copy(block, i, 0, row + i, 0, first.outputs);
            }
            if (rows > weightRows) {
                bias = Matrix.getFrom(buffer, first.elementType, 1, first.outputs);
            }
            row += weightRows;
        }
        return new LinearWeights(weight.toMatrix(), bias);
    }
}
