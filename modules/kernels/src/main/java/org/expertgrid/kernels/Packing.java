package org.expertgrid.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Brings a {@link WeightMatrix} into the order of {@link TileLayout}. */
final class Packing {
    private Packing() {}

    /** Returns the tiles of a weight, one at least. */
    static List<WeightTile> tiles(WeightMatrix weight, Matrix bias, int tileBytes) {
        Shapes.weight(weight, bias);
        TileLayout whole = layout(weight);
        int columns = whole.panelsOfTile(tileBytes) * whole.panelWidth();
        List<WeightTile> tiles = new ArrayList<>();
        int from = 0;
        do {
            int to = (int) Math.min(weight.columns(), (long) from + columns);
            tiles.add(tile(weight.columnRange(from, to), bias == null ? null : bias.columnRange(from, to)));
            from = to;
        } while (from < weight.columns());
        return List.copyOf(tiles);
    }

    private static TileLayout layout(WeightMatrix weight) {
        return new TileLayout(weight.format(), weight.rows(), weight.columns(), weight.skippedInputs());
    }

    private static WeightTile tile(WeightMatrix weight, Matrix bias) {
        TileLayout layout = layout(weight);
        int padded = layout.paddedOutputs();
        if (weight.format() == WeightFormat.FLOAT64) {
            return WeightTile.ofDoubles(
                    layout,
                    doubles(weight, layout),
                    bias == null ? new double[0] : Arrays.copyOf(bias.doubles(), padded));
        }
        float[] floatBias = bias == null ? new float[0] : Arrays.copyOf(bias.floats(), padded);
        return weight.format() == WeightFormat.FLOAT32
                ? WeightTile.ofFloats(layout, floats(weight, layout), floatBias)
                : WeightTile.ofWords(layout, words(weight, layout), scales(weight, layout), floatBias);
    }

    private static double[] doubles(WeightMatrix weight, TileLayout layout) {
        double[] packed = new double[layout.length()];
        double[] column = new double[weight.rows()];
        for (int j = 0; j < weight.columns(); j++) {
            weight.copyColumn(j, column);
            int at = place(layout, j);
            for (int k = 0; k < column.length; k++) {
                packed[at + k * layout.panelWidth()] = column[k];
            }
        }
        return packed;
    }

    private static float[] floats(WeightMatrix weight, TileLayout layout) {
        float[] packed = new float[layout.length()];
        int width = layout.panelWidth();
        int[] codes = new int[width * weight.rows()];
        for (int panel = 0; panel < layout.panels(); panel++) {
            copyPanel(weight, panel, codes, width);
            int at = layout.start(panel);
            for (int k = 0; k < weight.rows(); k++) {
                for (int j = 0; j < width; j++) {
                    packed[at++] = Float.intBitsToFloat(codes[j * weight.rows() + k]);
                }
            }
        }
        return packed;
    }

    private static int[] words(WeightMatrix weight, TileLayout layout) {
        int[] packed = new int[layout.length()];
        int width = layout.panelWidth();
        int[] codes = new int[width * weight.rows()];
        for (int panel = 0; panel < layout.panels(); panel++) {
            copyPanel(weight, panel, codes, width);
            int at = layout.start(panel);
            for (int group = 0; group < layout.groups(); group++) {
                int end = layout.endOfGroup(group);
                for (int k = layout.firstInput(group); k < end; k += layout.codesOfWord(), at += width) {
                    int count = Math.min(layout.codesOfWord(), end - k);
                    for (int j = 0; j < width; j++) {
                        packed[at + j] = word(
                                codes,
                                j * weight.rows() + k,
                                count,
                                layout.format().bits());
                    }
                }
            }
        }
        return packed;
    }

    /** Returns the word of {@code count} codes, the first in the highest bits. */
    private static int word(int[] codes, int from, int count, int bits) {
        if (count == 4 && bits == Byte.SIZE) {
            return codes[from] << 24
                    | (codes[from + 1] & 0xFF) << 16
                    | (codes[from + 2] & 0xFF) << 8
                    | codes[from + 3] & 0xFF;
        }
        if (count == 2 && bits == Short.SIZE) {
            return codes[from] << 16 | codes[from + 1] & 0xFFFF;
        }
        int mask = (1 << bits) - 1;
        int word = 0;
        for (int i = 0; i < count; i++) {
            word |= (codes[from + i] & mask) << Integer.SIZE - (i + 1) * bits;
        }
        return word;
    }

    /** Copies the codes of a panel's columns, one column behind the other; zeros where the weight has no column. */
    private static void copyPanel(WeightMatrix weight, int panel, int[] codes, int width) {
        for (int j = 0; j < width; j++) {
            int column = panel * width + j;
            int at = j * weight.rows();
            if (column < weight.columns()) {
                weight.copyCodes(column, codes, at);
            } else {
                Arrays.fill(codes, at, at + weight.rows(), 0);
            }
        }
    }

    private static float[] scales(WeightMatrix weight, TileLayout layout) {
        float[] packed = new float[layout.scales()];
        for (int j = 0; packed.length > 0 && j < weight.columns(); j++) {
            int at = layout.startOfScales(j / layout.panelWidth()) + j % layout.panelWidth();
            for (int group = 0; group < layout.groups(); group++) {
                packed[at + group * layout.panelWidth()] = weight.scale(layout.firstInput(group), j);
            }
        }
        return packed;
    }

    /** Returns where the first place of a column is. */
    private static int place(TileLayout layout, int column) {
        return layout.start(column / layout.panelWidth()) + column % layout.panelWidth();
    }
}
