package org.expertgrid.decoder;

import org.expertgrid.decoder.attention.Attention;
import org.expertgrid.decoder.attention.StepRows;
import org.expertgrid.decoder.dense.Norm;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.Matrix;

/**
 * One layer: attention, then experts or a network without experts; each takes normalised rows and is added to the hidden state.
 *
 * @param feedForward turns rows into rows
 * @param hasExperts whether its time counts as that of experts
 * @param residualMultiplier the factor on what is added
 */
record DecoderLayer(
        Norm attentionNorm,
        Attention attention,
        Norm feedForwardNorm,
        Layer feedForward,
        boolean hasExperts,
        float residualMultiplier) {

    /** Takes the hidden state, row after row, through the layer in place. */
    StepTimes forward(float[] hidden, StepRows rows) {
        long begin = System.nanoTime();
        add(attention.forward(attentionNorm.apply(hidden), rows), hidden);
        long between = System.nanoTime();
        Matrix x = Matrix.wrap(rows.count(), hidden.length / rows.count(), feedForwardNorm.apply(hidden));
        add(feedForward.forward(x).toFloatArray(), hidden);
        long end = System.nanoTime();
        return new StepTimes(end - begin, between - begin, hasExperts ? end - between : 0, 0);
    }

    private void add(float[] part, float[] hidden) {
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] += part[i] * residualMultiplier;
        }
    }
}
