package org.expertgrid.decoder;

import java.util.Optional;
import org.expertgrid.decoder.attention.Attention;
import org.expertgrid.decoder.attention.StepRows;
import org.expertgrid.decoder.dense.GatedMlp;
import org.expertgrid.decoder.dense.Norm;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.Matrix;

/**
 * One layer: attention, then experts, a network without experts, or both side by side; each takes normalised rows and is added to the hidden
 * state.
 *
 * @param residualMultiplier the factor on what is added
 */
record DecoderLayer(
        Norm attentionNorm,
        Attention attention,
        Norm feedForwardNorm,
        Optional<Layer> experts,
        Optional<GatedMlp> mlp,
        float residualMultiplier) {

    /** Takes the hidden state, row after row, through the attention in place, and keeps the rows' keys and values. */
    StepTimes attend(float[] hidden, StepRows rows) {
        long begin = System.nanoTime();
        add(attention.forward(attentionNorm.apply(hidden), rows), hidden);
        return new StepTimes(0, System.nanoTime() - begin, 0, 0);
    }

    /** Takes rows that have been through the attention through the experts, the network without experts, or both, in place. */
    StepTimes feedForward(float[] hidden, int rows) {
        if (rows == 0) {
            return StepTimes.NONE;
        }
        Matrix x = Matrix.wrap(rows, hidden.length / rows, feedForwardNorm.apply(hidden));
        long beforeExperts = System.nanoTime();
        Optional<float[]> ofExperts = experts.map(layer -> layer.forward(x).toFloatArray());
        long afterExperts = System.nanoTime();
        Optional<float[]> ofMlp = mlp.map(layer -> layer.forward(x).toFloatArray());
        if (ofExperts.isPresent() && ofMlp.isPresent()) {
            add(sum(ofExperts.get(), ofMlp.get()), hidden);
        } else {
            add(ofExperts.or(() -> ofMlp).orElseThrow(), hidden);
        }
        return new StepTimes(0, 0, afterExperts - beforeExperts, 0);
    }

    private static float[] sum(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += b[i];
        }
        return a;
    }

    private void add(float[] part, float[] hidden) {
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] += part[i] * residualMultiplier;
        }
    }
}
