package org.expertgrid.kernels;

import java.util.List;

/**
 * One weight {@code [in, out]} and its bias {@code [out]}, or none, in the order in which kernels read them: a list of
 * {@linkplain WeightTile tiles}, the columns of one after those of the other. Made once by {@link #pack}, where a model is
 * deployed, or from tiles that were packed before; it belongs to no kernels.
 *
 * <pre>
 *   columns   0 ..................................................... outputs
 *   tiles     [ panel panel .. panel ] [ panel panel .. panel ] [ panel .. ]
 * </pre>
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class PackedWeights {
    /** How large tiles are where nothing else is asked for, in bytes. */
    public static final int TILE_BYTES = 4 << 20;

    private final List<WeightTile> tiles;
    private final int[] firstPanels;
    private final int outputs;

    private PackedWeights(List<WeightTile> tiles) {
        this.tiles = tiles;
        firstPanels = new int[tiles.size() + 1];
        int columns = 0;
        for (int i = 0; i < tiles.size(); i++) {
            TileLayout layout = tiles.get(i).layout();
            firstPanels[i + 1] = Math.addExact(firstPanels[i], layout.panels());
            columns = Math.addExact(columns, layout.outputs());
        }
        outputs = columns;
    }

    /** Packs a weight without a bias into tiles of {@link #TILE_BYTES}. */
    public static PackedWeights pack(WeightMatrix weight) {
        return pack(weight, null);
    }

    /** Packs a weight and its bias into tiles of {@link #TILE_BYTES}. */
    public static PackedWeights pack(WeightMatrix weight, Matrix bias) {
        return pack(weight, bias, TILE_BYTES);
    }

    /**
     * Packs a weight and its bias.
     *
     * @param bias {@code [1, out]}, of the type that the weight's format is computed in; null for none
     * @param tileBytes how many bytes of weights a tile takes at most; a tile has at least one panel
     * @throws IllegalArgumentException if shapes or element types do not fit
     */
    public static PackedWeights pack(WeightMatrix weight, Matrix bias, int tileBytes) {
        return new PackedWeights(Packing.tiles(weight, bias, tileBytes));
    }

    /**
     * Returns the weight that those tiles make up, without copying them.
     *
     * @throws IllegalArgumentException if there are none, if they differ in format, inputs or in having a bias, or if one that is
     *     not the last has columns that fill up a panel
     */
    public static PackedWeights of(List<WeightTile> tiles) {
        if (tiles.isEmpty()) {
            throw new IllegalArgumentException("tiles: none (expected: at least 1)");
        }
        WeightTile first = tiles.get(0);
        for (int i = 0; i < tiles.size(); i++) {
            TileLayout layout = tiles.get(i).layout();
            boolean same = layout.format() == first.layout().format()
                    && layout.inputs() == first.layout().inputs()
                    && layout.skippedInputs() == first.layout().skippedInputs()
                    && tiles.get(i).hasBias() == first.hasBias();
            if (!same) {
                throw new IllegalArgumentException("tile " + i + ": " + layout
                        + " (expected: format, inputs and bias of the first, " + first.layout() + ")");
            }
            if (i < tiles.size() - 1 && layout.paddedOutputs() != layout.outputs()) {
                throw new IllegalArgumentException("tile " + i + ": " + layout.outputs()
                        + " outputs (expected: a multiple of " + layout.panelWidth() + ", but for the last tile)");
            }
        }
        return new PackedWeights(List.copyOf(tiles));
    }

    /** Returns the tiles, in the order of their columns. */
    public List<WeightTile> tiles() {
        return tiles;
    }

    /** Returns the number of panels before that tile. */
    public int firstPanel(int tile) {
        return firstPanels[tile];
    }

    /** Returns what the weights are stored as. */
    public WeightFormat format() {
        return tiles.get(0).layout().format();
    }

    /** Returns what products are computed in, and what rows must hold that are multiplied with them. */
    public ElementType elementType() {
        return format().computedIn();
    }

    /** Returns the number of inputs, which is the width of the rows that can be multiplied. */
    public int inputs() {
        return tiles.get(0).layout().inputs();
    }

    /** Returns the number of outputs, which is the width of the product. */
    public int outputs() {
        return outputs;
    }

    /** Returns how many columns a panel has. */
    public int panelWidth() {
        return tiles.get(0).layout().panelWidth();
    }

    /** Returns the number of panels; zero where there are no outputs. */
    public int panels() {
        return firstPanels[tiles.size()];
    }

    /** Returns whether there is a bias. */
    public boolean hasBias() {
        return tiles.get(0).hasBias();
    }

    /** Returns the memory that the tiles take, what fills up panels included, in bytes. */
    public long bytes() {
        return tiles.stream().mapToLong(WeightTile::bytes).sum();
    }

    @Override
    public String toString() {
        return format() + " weights [" + inputs() + ", " + outputs + "] in " + tiles.size() + " tiles";
    }
}
