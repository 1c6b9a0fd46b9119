package org.expertgrid.cluster.layout;

import org.expertgrid.kernels.TileLayout;

/** How large the tiles are that slices are divided into: whole panels of columns, so that a tile is computed on as it is. */
public final class TileSizes {
    /** Large enough that there are few of them, small enough that a partition thread copies one in a millisecond or two. */
    public static final int TILE_BYTES = 4 << 20;
    /** The largest tile; a slice is refused of which one panel would take more. */
    private static final int LARGEST_TILE_BYTES = 8 << 20;

    private TileSizes() {}

    /** Returns the most inputs that a slice can have; a panel has one vector of 64 bytes for each. */
    public static int mostInputs() {
        return LARGEST_TILE_BYTES / TileLayout.PANEL_BYTES;
    }
}
