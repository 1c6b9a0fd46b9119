package org.expertgrid.checkpoints.families;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.weights.MoeShape;

/**
 * The description of a checkpoint's MoE layers, which are all alike, as its config gives it.
 *
 * @param family the {@code model_type} that the config was read as
 * @param layers how many layers the model has, the dense ones included
 * @param moeLayers the numbers of those that are MoE layers, ascending, from 0 on
 * @param shape the sizes of an MoE layer and what its experts compute
 * @param rule how its router chooses
 * @param tensors where its weights are
 */
public record MoeLayers(
        String family, int layers, List<Integer> moeLayers, MoeShape shape, RouterRule rule, LayerTensors tensors) {

    /** Returns the numbers, from 0 up to {@code layers - 1}, of the layers that are MoE layers. */
    static List<Integer> where(int layers, IntPredicate isMoe) {
        return IntStream.range(0, layers).filter(isMoe).boxed().toList();
    }
}
