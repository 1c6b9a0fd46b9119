package org.expertgrid.kernels;

import java.util.Arrays;

/**
 * A weight in column panels. Each row of each panel is an array of its own, because that is what C2 vectorises a loop
 * over. Row {@code k} of panel {@code p} is number {@code p * inputs + k}.
 */
final class PlainWeights implements PackedWeights {
    /** A row of a panel: long loops are quicker, as long as the whole panel does not outgrow the caches. */
    private static final int LONG_ROW_BYTES = 2048;

    private static final int SHORT_ROW_BYTES = 1024;
    private static final int PANEL_BYTES = 2 << 20;

    private final Matrix bias;
    private final int inputs;
    private final int panelWidth;
    private final double[][] doubles;
    private final float[][] floats;

    PlainWeights(Matrix weight, Matrix bias) {
        this.bias = bias;
        inputs = weight.rows();
        int rowBytes = (long) inputs * LONG_ROW_BYTES <= PANEL_BYTES ? LONG_ROW_BYTES : SHORT_ROW_BYTES;
        panelWidth = rowBytes / weight.elementType().bytes();
        int count = Math.multiplyExact(inputs, panels());
        switch (weight.elementType()) {
            case FLOAT64 -> {
                doubles = new double[count][];
                floats = null;
                for (int i = 0; i < count; i++) {
                    int from = i % inputs * outputs() + firstColumn(i / inputs);
                    doubles[i] = Arrays.copyOfRange(weight.doubles(), from, from + width(i / inputs));
                }
            }
            case FLOAT32 -> {
                doubles = null;
                floats = new float[count][];
                for (int i = 0; i < count; i++) {
                    int from = i % inputs * outputs() + firstColumn(i / inputs);
                    floats[i] = Arrays.copyOfRange(weight.floats(), from, from + width(i / inputs));
                }
            }
            default -> throw new AssertionError(weight.elementType());
        }
    }

    /** Returns how many columns a panel has that is not the last. */
    int panelWidth() {
        return panelWidth;
    }

    /** Returns the column of the whole weight with which that panel begins. */
    int firstColumn(int panel) {
        return panel * panelWidth;
    }

    /** Returns how many columns that panel has: all but the last have as many as there can be. */
    int width(int panel) {
        return Math.min(panelWidth, outputs() - firstColumn(panel));
    }

    double[][] doubles() {
        return doubles;
    }

    float[][] floats() {
        return floats;
    }

    Matrix bias() {
        return bias;
    }

    @Override
    public String kernels() {
        return PlainKernels.NAME;
    }

    @Override
    public ElementType elementType() {
        return bias.elementType();
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return bias.columns();
    }

    @Override
    public int panels() {
        return (outputs() + panelWidth - 1) / panelWidth;
    }

    @Override
    public long bytes() {
        return ((long) inputs + 1) * outputs() * elementType().bytes();
    }
}
