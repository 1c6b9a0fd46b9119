package org.expertgrid.cluster.layout;

import org.expertgrid.kernels.ElementType;

/** How a slice {@code [W; b]} is divided into tiles: whole rows, the bias as the last one. */
public final class TileSizes {
    /** Large enough that a slice is read in few calls, small enough for Hazelcast's buffers and migrations. */
    public static final int MAXIMUM_BYTES = 8 << 20;

    private TileSizes() {}

    /** Returns how many rows of {@code [W; b]} a tile of that width holds, at least 1. */
    public static int rowsPerTile(ElementType type, int outputs) {
        return Math.max(1, MAXIMUM_BYTES / (outputs * type.bytes()));
    }

    /** Returns the width of the widest slice whose rows fit into a tile. */
    public static int maximumOutputs(ElementType type) {
        return MAXIMUM_BYTES / type.bytes();
    }

    /** Returns how many tiles a slice has. */
    public static int count(ElementType type, int inputs, int outputs) {
        int rows = rowsPerTile(type, outputs);
        return (inputs + 1 + rows - 1) / rows;
    }
}
