package org.expertgrid.kernels;

import java.util.ArrayList;
import java.util.List;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/** A weight in column panels, each of them an ojAlgo matrix: transposed, and filled up with zeros to one shape. */
final class OjAlgoWeights implements PackedWeights {
    static final int PANEL = 64;

    private final Matrix bias;
    private final int inputs;
    private final List<MatrixStore<Double>> panels = new ArrayList<>();

    OjAlgoWeights(Matrix weight, Matrix bias) {
        this.bias = bias;
        inputs = weight.rows();
        for (int first = 0; inputs > 0 && first < weight.columns(); first += PANEL) {
            panels.add(transposed(weight, first, Math.min(PANEL, weight.columns() - first)));
        }
    }

    /** What ojAlgo holds column by column is the transpose of what was written row by row. */
    private static MatrixStore<Double> transposed(Matrix weight, int first, int width) {
        MatrixBuffer panel = MatrixBuffer.allocate(weight.elementType(), weight.rows(), PANEL);
        for (int k = 0; k < weight.rows(); k++) {
            panel.copy(weight, k, first, k, 0, width);
        }
        Matrix packed = panel.toMatrix();
        return switch (weight.elementType()) {
            case FLOAT64 -> R064Store.wrap(packed.doubles(), PANEL);
            case FLOAT32 -> R032Store.wrap(packed.floats(), PANEL);
        };
    }

    /** Returns the {@code [PANEL, inputs]} transpose of a panel; there is none where there are no inputs. */
    MatrixStore<Double> panel(int panel) {
        return panels.get(panel);
    }

    /** Returns how many columns of the whole weight that panel has. */
    int width(int panel) {
        return Math.min(PANEL, outputs() - panel * PANEL);
    }

    Matrix bias() {
        return bias;
    }

    @Override
    public String kernels() {
        return OjAlgoKernels.NAME;
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
        return (outputs() + PANEL - 1) / PANEL;
    }

    @Override
    public long bytes() {
        return (long) inputs * panels() * PANEL * elementType().bytes() + bias.bytes();
    }
}
