package org.expertgrid.cluster.layout;

import org.expertgrid.kernels.TileLayout;

/**
 * How large the tiles are that slices are divided into: whole panels of columns, so that a tile is computed on as it is.
 *
 * <p>A tile fills a power of two of bytes almost, less the header of its array: a heap of regions (G1) gives an array that is larger than
 * half a region whole regions of its own, and what is left of the last one is lost. Tiles are small where panels are small, and large
 * enough that kernels find some panels side by side.
 */
public final class TileSizes {
    private static final int SMALLEST_TILE_BYTES = 512 << 10;
    private static final int LARGEST_TILE_BYTES = 8 << 20;
    private static final int LEAST_PANELS = 6;
    /** Of the bytes of a tile, for what the array has beside its numbers. */
    private static final int HEADER_BYTES = 1 << 10;
    /** The bytes that a tile's objects and its entry in the map take beside its numbers. */
    private static final int ENTRY_BYTES = 512;

    private TileSizes() {}

    /** Returns the most inputs that a slice can have; a panel has one vector of 64 bytes for each. */
    public static int mostInputs() {
        return (LARGEST_TILE_BYTES - HEADER_BYTES) / TileLayout.PANEL_BYTES;
    }

    /** Returns how many bytes the numbers of a tile of a slice take at most. */
    public static int tileBytes(TileLayout slice) {
        int bytes = SMALLEST_TILE_BYTES;
        while (bytes < LARGEST_TILE_BYTES && (bytes - HEADER_BYTES) / LEAST_PANELS < slice.panelBytes()) {
            bytes *= 2;
        }
        return bytes - HEADER_BYTES;
    }

    /** Returns how many tiles a slice has. */
    public static int count(TileLayout slice) {
        return slice.tiles(tileBytes(slice));
    }

    /**
     * Returns the memory that a slice takes in a member's heap.
     *
     * @param hasBias whether it has a bias
     * @param regionBytes the size of the heap's regions; 0 for a heap without regions
     */
    static long heapBytes(TileLayout slice, boolean hasBias, int regionBytes) {
        int tiles = count(slice);
        long bytes = slice.bytes(hasBias) + (long) tiles * ENTRY_BYTES;
        if (regionBytes == 0) {
            return bytes;
        }
        long lost = 0;
        for (int tile = 0; tile < tiles; tile++) {
            long numbers = slice.bytesOfTile(tile, tileBytes(slice)) + HEADER_BYTES;
            lost += numbers > regionBytes / 2 ? (regionBytes - numbers % regionBytes) % regionBytes : 0;
        }
        return bytes + lost;
    }
}
