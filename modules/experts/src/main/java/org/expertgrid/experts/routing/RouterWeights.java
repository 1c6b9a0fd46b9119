package org.expertgrid.experts.routing;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * The weights of a router: all that decides where a row goes. Matrices may have different element types; the router widens them to
 * float64.
 *
 * @param weight {@code [inputDim, experts]}
 * @param bias {@code [1, experts]}, added to the logits; zeros for none
 * @param choiceBias {@code [1, experts]}, added to the scores that choose and not to the gates; zeros for none
 * @param sharedGates {@code [inputDim, any]}, a column for each shared expert, whose gate is the sigmoid of the row times its column; no
 *     columns where shared experts have no gates
 */
public record RouterWeights(Matrix weight, Matrix bias, Matrix choiceBias, Matrix sharedGates) {
    public RouterWeights {
        Problems problems = new Problems();
        checkBias(problems, "bias", bias, weight);
        checkBias(problems, "choiceBias", choiceBias, weight);
        problems.expect(
                        sharedGates.rows() == weight.rows(),
                        "sharedGates.rows",
                        sharedGates.rows(),
                        "weight.rows " + weight.rows())
                .throwIfAny();
    }

    /** Takes weights without a choice bias and without gates of shared experts. */
    public RouterWeights(Matrix weight, Matrix bias) {
        this(
                weight,
                bias,
                Matrix.zeros(ElementType.FLOAT32, 1, weight.columns()),
                Matrix.zeros(ElementType.FLOAT32, weight.rows(), 0));
    }

    /** Takes weights without any bias and without gates of shared experts. */
    public RouterWeights(Matrix weight) {
        this(weight, Matrix.zeros(ElementType.FLOAT32, 1, weight.columns()));
    }

    private static void checkBias(Problems problems, String name, Matrix bias, Matrix weight) {
        problems.expect(bias.rows() == 1, name + ".rows", bias.rows(), "1")
                .expect(
                        bias.columns() == weight.columns(),
                        name + ".columns",
                        bias.columns(),
                        "weight.columns " + weight.columns());
    }

    /** Returns these weights with a bias that only chooses. */
    public RouterWeights withChoiceBias(Matrix other) {
        return new RouterWeights(weight, bias, other, sharedGates);
    }

    /** Returns these weights with gates of the shared experts. */
    public RouterWeights withSharedGates(Matrix other) {
        return new RouterWeights(weight, bias, choiceBias, other);
    }

    /** Returns the width of a row. */
    public int inputs() {
        return weight.rows();
    }

    /** Returns the number of experts that rows choose from. */
    public int experts() {
        return weight.columns();
    }
}
