package org.expertgrid.kernels.packed;

import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightTile;

/**
 * The numbers of a tile's panels, widened a row at a time in loops that every JVM can run: what kernels use that have no
 * faster way. Public only because rooms are apart.
 */
public final class WidenedPanels {
    private final WeightTile tile;
    private final TileLayout layout;
    private final WeightFormat format;
    private final int width;
    private final int panelLength;
    private final int scalesLength;
    /** The number of each code, if codes are so short that a table of them stays in the nearest cache; else empty. */
    private final float[] values;

    /** Widens nothing yet. */
    public WidenedPanels(WeightTile tile) {
        this.tile = tile;
        layout = tile.layout();
        format = layout.format();
        width = layout.panelWidth();
        panelLength = layout.start(1);
        scalesLength = layout.startOfScales(1);
        values = new float[format.bits() <= Byte.SIZE ? 1 << format.bits() : 0];
        for (int code = 0; code < values.length; code++) {
            values[code] = format.widen(code);
        }
    }

    /**
     * Copies a row of a panel of FLOAT64.
     *
     * @param input which row, k
     * @param target takes the columns of the panel from {@code at} on
     */
    public void copyRow(int panel, int input, double[] target, int at) {
        System.arraycopy(tile.doubles(), panel * panelLength + input * width, target, at, width);
    }

    /**
     * Widens a row of a panel of any other format.
     *
     * @param input which row, k
     * @param target takes the columns of the panel from {@code at} on
     */
    public void copyRow(int panel, int input, float[] target, int at) {
        if (format == WeightFormat.FLOAT32) {
            System.arraycopy(tile.floats(), panel * panelLength + input * width, target, at, width);
        } else {
            widenRow(panel, input, target, at);
        }
    }

    private void widenRow(int panel, int input, float[] target, int at) {
        copyCodes(panel, input, target, at);
        if (format.scaled()) {
            float[] scales = tile.scales();
            int scale = panel * scalesLength + layout.group(input) * width;
            for (int j = 0; j < width; j++) {
                target[at + j] *= scales[scale + j];
            }
        }
    }

    /**
     * Widens the codes of a row of a panel of a narrow format, and leaves their scales out.
     *
     * @param input which row, k
     * @param target takes the columns of the panel from {@code at} on
     */
    public void copyCodes(int panel, int input, float[] target, int at) {
        int[] words = tile.words();
        int from = panel * panelLength + layout.wordRow(input) * width;
        int shift = layout.shift(input);
        if (values.length > 0) {
            int mask = values.length - 1;
            for (int j = 0; j < width; j++) {
                target[at + j] = values[words[from + j] >>> shift & mask];
            }
        } else if (format == WeightFormat.BF16) {
            for (int j = 0; j < width; j++) {
                target[at + j] = Float.intBitsToFloat(words[from + j] >>> shift << 16);
            }
        } else {
            for (int j = 0; j < width; j++) {
                target[at + j] = format.widen(words[from + j] >>> shift);
            }
        }
    }

    /** Copies the scales of a group of inputs of a panel. */
    public void copyScales(int panel, int group, float[] target, int at) {
        System.arraycopy(tile.scales(), panel * scalesLength + group * width, target, at, width);
    }
}
