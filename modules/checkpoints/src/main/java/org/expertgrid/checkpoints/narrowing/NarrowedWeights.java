package org.expertgrid.checkpoints.narrowing;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.expertgrid.experts.layers.Expert;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;

/**
 * The weights of a layer, kept in another format than they are stored in. Each expert is narrowed when it is asked for. The router's
 * weights and all biases keep their numbers.
 *
 * <p>FLOAT32 loses nothing of narrower formats. The others change numbers; {@link #errors} tells by how much. Where a format narrows
 * the rows, too (W8A8, W4A8), the error of the layer's output has both parts.
 *
 * <p>For one thread.
 */
public final class NarrowedWeights implements MoeWeights {
    private static final int RANDOM_ROWS = 16;
    private static final long RANDOM_SEED = 1;

    private final MoeWeights stored;
    private final WeightFormat format;
    private final Kernels kernels;
    private final Matrix rows;
    private final Routing routing;
    private final double[] before;
    private final double[] after;
    private final Map<MatrixRole, double[]> squares = new EnumMap<>(MatrixRole.class);

    /**
     * Takes weights that will be asked for in ascending order, once each.
     *
     * @param format one of {@link Narrowing#KEPT_AS}
     * @param kernels compute the output of random rows, before and after
     */
    public NarrowedWeights(MoeWeights stored, WeightFormat format, Kernels kernels) {
        this.stored = stored;
        this.format = format;
        this.kernels = kernels;
        this.rows = randomRows(stored.shape().inputDim());
        this.routing = new Router(stored.router(), stored.rule()).route(rows);
        this.before = new double[RANDOM_ROWS * stored.shape().outputDim()];
        this.after = new double[before.length];
    }

    private static Matrix randomRows(int width) {
        Random random = new Random(RANDOM_SEED);
        float[] rows = new float[RANDOM_ROWS * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        return Matrix.of(RANDOM_ROWS, width, rows);
    }

    @Override
    public MoeShape shape() {
        return stored.shape();
    }

    @Override
    public ElementType elementType() {
        return format.computedIn();
    }

    @Override
    public RouterRule rule() {
        return stored.rule();
    }

    @Override
    public RouterWeights router() {
        return stored.router();
    }

    @Override
    public WeightFormat format(int expert, MatrixRole role) {
        shape().expert(expert);
        return format;
    }

    @Override
    public ExpertWeights expert(int expert) {
        ExpertWeights wide = stored.expert(expert);
        List<LinearWeights> matrices = new ArrayList<>();
        for (int m = 0; m < wide.matrices().size(); m++) {
            matrices.add(narrowed(
                    wide.shape().matrices().get(m).role(), wide.matrices().get(m)));
        }
        ExpertWeights narrow = new ExpertWeights(wide.shape(), matrices);
        addOutput(expert, wide, before);
        addOutput(expert, narrow, after);
        return narrow;
    }

    private LinearWeights narrowed(MatrixRole role, LinearWeights wide) {
        Matrix bias = wide.hasBias() ? wide.bias().to(format.computedIn()) : null;
        double[] sums = squares.computeIfAbsent(role, unused -> new double[2]);
        if (format == WeightFormat.FLOAT32) {
            return new LinearWeights(WeightMatrix.of(wide.weight().toMatrix().to(ElementType.FLOAT32)), bias);
        }
        Narrowing narrowing = Narrowing.of(wide.weight(), format);
        sums[0] += narrowing.squaredError();
        sums[1] += narrowing.squaredSize();
        return new LinearWeights(narrowing.weight(), bias);
    }

    /** Adds what the random rows that go to an expert get from it. */
    private void addOutput(int number, ExpertWeights weights, double[] output) {
        GatedRows gated = routing.expert(number);
        Expert expert = Expert.of(weights, kernels);
        boolean onInput = stored.rule().gateOn() == GateOn.INPUT;
        for (int i = 0; i < gated.count(); i++) {
            int row = gated.rows()[i];
            double gate = gated.gates()[i];
            double[] x = rows.rowRange(row, row + 1).toDoubleArray();
            for (int k = 0; onInput && k < x.length; k++) {
                x[k] *= gate;
            }
            double[] y = expert.forward(Matrix.of(1, x.length, x).to(weights.elementType()))
                    .toDoubleArray();
            for (int j = 0; j < y.length; j++) {
                output[row * y.length + j] += onInput ? y[j] : gate * y[j];
            }
        }
    }

    /** Returns the errors of the experts that have been asked for. */
    public NarrowingErrors errors() {
        Map<MatrixRole, Double> byMatrix = new EnumMap<>(MatrixRole.class);
        squares.forEach((role, sums) -> byMatrix.put(role, Narrowing.relativeError(sums[0], sums[1])));
        return new NarrowingErrors(byMatrix, Narrowing.relativeError(before, after));
    }
}
