package org.expertgrid.cli.commands;

import java.util.function.BiFunction;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightFormat;

/**
 * The weights of a layer whose sizes are asked for and whose numbers are not.
 *
 * @param formats what a matrix is stored as, by the number of its expert and its role
 */
record UnreadWeights(MoeShape shape, RouterRule rule, BiFunction<Integer, MatrixRole, WeightFormat> formats)
        implements MoeWeights {
    @Override
    public ElementType elementType() {
        return ElementType.FLOAT32;
    }

    @Override
    public WeightFormat format(int expert, MatrixRole role) {
        return formats.apply(expert, role);
    }

    @Override
    public RouterWeights router() {
        throw new UnsupportedOperationException("these weights have sizes alone");
    }

    @Override
    public ExpertWeights expert(int expert) {
        throw new UnsupportedOperationException("these weights have sizes alone");
    }
}
