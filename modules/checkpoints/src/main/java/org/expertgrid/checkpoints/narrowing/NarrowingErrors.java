package org.expertgrid.checkpoints.narrowing;

import java.util.Map;
import org.expertgrid.experts.weights.MatrixRole;

/**
 * The errors that narrowing has made so far: differences as root of the mean square, relative to what is stored.
 *
 * @param byMatrix the relative error of all weights of each kind of matrix
 * @param ofOutput the relative error of the layer's output on random rows; complete when every expert has been asked for
 */
public record NarrowingErrors(Map<MatrixRole, Double> byMatrix, double ofOutput) {
    public NarrowingErrors {
        byMatrix = Map.copyOf(byMatrix);
    }
}
