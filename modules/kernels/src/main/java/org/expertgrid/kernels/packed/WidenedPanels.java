package org.expertgrid.kernels.packed;

import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightTile;

/**
 * Widens the numbers of packed panels, one after the other, in loops that every JVM can run: what kernels do that have no faster way.
 * Public only because rooms are apart.
 */
public final class WidenedPanels {
    private WidenedPanels() {}

    /**
     * Widens a row of a panel of FLOAT64.
     *
     * @param input which row, k
     * @param target takes the columns of the panel from {@code at} on
     */
    public static void copyRow(WeightTile tile, int panel, int input, double[] target, int at) {
        int width = tile.layout().panelWidth();
        System.arraycopy(tile.doubles(), tile.layout().start(panel) + input * width, target, at, width);
    }

    /**
     * Widens a row of a panel of any other format.
     *
     * @param input which row, k
     * @param target takes the columns of the panel from {@code at} on
     */
    public static void copyRow(WeightTile tile, int panel, int input, float[] target, int at) {
        TileLayout layout = tile.layout();
        WeightFormat format = layout.format();
        int width = layout.panelWidth();
        int from = layout.start(panel) + layout.wordRow(input) * width;
        if (format == WeightFormat.FLOAT32) {
            System.arraycopy(tile.floats(), from, target, at, width);
            return;
        }
        int[] words = tile.words();
        int shift = layout.shift(input);
        for (int j = 0; j < width; j++) {
            target[at + j] = format.widen(words[from + j] >>> shift);
        }
        if (format.scaled()) {
            float[] scales = tile.scales();
            int scale = layout.startOfScales(panel) + layout.group(input) * width;
            for (int j = 0; j < width; j++) {
                target[at + j] *= scales[scale + j];
            }
        }
    }
}
