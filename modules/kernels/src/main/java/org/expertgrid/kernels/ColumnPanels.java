package org.expertgrid.kernels;

import java.util.Arrays;

/**
 * A weight cut into column panels of one width, each row-major, one after the other in one array; the last is filled up
 * with zeros.
 *
 * <pre>
 *   panel 0: k = 0 [c0 c1 .. cw-1]  k = 1 [c0 c1 .. cw-1] ..   panel 1: k = 0 [cw .. c2w-1] ..
 * </pre>
 */
final class ColumnPanels implements PackedWeights {
    private final ElementType type;
    private final int inputs;
    private final int outputs;
    private final int panelWidth;
    private final double[] doubles;
    private final float[] floats;
    private final double[] doubleBias;
    private final float[] floatBias;

    ColumnPanels(Matrix weight, Matrix bias, int panelWidth) {
        this.panelWidth = panelWidth;
        type = weight.elementType();
        inputs = weight.rows();
        outputs = weight.columns();
        int padded = Math.multiplyExact(panels(), panelWidth);
        int elements = Shapes.elements(inputs, padded);
        switch (type) {
            case FLOAT64 -> {
                doubles = new double[elements];
                doubleBias = Arrays.copyOf(bias.doubles(), padded);
                floats = null;
                floatBias = null;
                pack(weight.doubles(), doubles);
            }
            case FLOAT32 -> {
                doubles = null;
                doubleBias = null;
                floats = new float[elements];
                floatBias = Arrays.copyOf(bias.floats(), padded);
                pack(weight.floats(), floats);
            }
            default -> throw new AssertionError(type);
        }
    }

    /** An Object is a double[] or a float[]: all that is done with them is System.arraycopy. */
    private void pack(Object weight, Object packed) {
        for (int panel = 0; panel < panels(); panel++) {
            for (int k = 0; k < inputs; k++) {
                int from = k * outputs + panel * panelWidth;
                System.arraycopy(weight, from, packed, start(panel) + k * panelWidth, width(panel));
            }
        }
    }

    /** Returns where that panel begins in the array. */
    int start(int panel) {
        return panel * panelWidth * inputs;
    }

    /** Returns how many of that panel's columns there are in the weight. */
    int width(int panel) {
        return Math.min(panelWidth, outputs - panel * panelWidth);
    }

    int panelWidth() {
        return panelWidth;
    }

    double[] doubles() {
        return doubles;
    }

    float[] floats() {
        return floats;
    }

    /** Adds the bias from {@code column} on to each of the first {@code rows} rows of a tile. */
    void addBias(int column, double[] tile, int stride, int rows) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < stride; j++) {
                tile[i * stride + j] += doubleBias[column + j];
            }
        }
    }

    /** Adds the bias from {@code column} on to each of the first {@code rows} rows of a tile. */
    void addBias(int column, float[] tile, int stride, int rows) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < stride; j++) {
                tile[i * stride + j] += floatBias[column + j];
            }
        }
    }

    @Override
    public String kernels() {
        return VectorKernels.NAME;
    }

    @Override
    public ElementType elementType() {
        return type;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int panels() {
        return (outputs + panelWidth - 1) / panelWidth;
    }

    @Override
    public long bytes() {
        return ((long) inputs + 1) * panels() * panelWidth * type.bytes();
    }
}
