package org.expertgrid.experts.weights;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightFormat;

/**
 * Where a model's weights come from: everything that runs a model is built from one of these.
 *
 * <p>{@link #expert} is asked once for each expert, in ascending order, by one thread, so that an implementation can draw
 * or read one expert at a time and a model larger than the memory of the JVM that deploys it can pass through. Use
 * {@link #inMemory()} to build several layers from the same weights.
 */
public interface MoeWeights {
    /** Returns the sizes of the layer and what its experts compute. */
    MoeShape shape();

    /** Returns what the layer is computed in, which is what its rows hold; weights may be stored in fewer bits. */
    ElementType elementType();

    /** Returns how the router chooses. */
    RouterRule rule();

    /** Returns the router's weights. */
    RouterWeights router();

    /**
     * Returns the weights of one expert, in the format that they are stored in.
     *
     * @param expert its number, from 0 to {@code shape().allExperts() - 1}; the shared experts are the last ones
     * @throws IllegalArgumentException if there is no such expert
     * @throws IllegalStateException if these weights can only be asked for once and in order, and it is another one's turn
     */
    ExpertWeights expert(int expert);

    /**
     * Returns the format that one of an expert's matrices is stored in, without reading the matrix.
     *
     * @throws IllegalArgumentException if there is no such expert
     */
    default WeightFormat format(int expert, MatrixRole role) {
        shape().expert(expert);
        return WeightFormat.of(elementType());
    }

    /** Returns weights as {@link #random(MoeShape, RouterRule, ElementType, NamedRandomStates)} does, for the seed's rule. */
    static MoeWeights random(MoeShape shape, ElementType type, NamedRandomStates states) {
        return random(shape, RouterRule.seed(1).withSharedExperts(shape.shared().size()), type, states);
    }

    /**
     * Returns weights as the seed draws them: the router's from the generator 'router', the experts' one after another from
     * 'expert'. The router is drawn now and an expert when it is asked for, so the generators must not be used for
     * anything else until then, and experts can only be asked for in order.
     */
    static MoeWeights random(MoeShape shape, RouterRule rule, ElementType type, NamedRandomStates states) {
        return new RandomWeights(shape, rule, type, states);
    }

    /** Returns weights that are held in memory and can be asked for in any order, for the seed's rule with one expert a row. */
    static MoeWeights of(RouterWeights router, List<ExpertWeights> experts) {
        return of(RouterRule.seed(1), router, experts);
    }

    /**
     * Returns weights that are held in memory and can be asked for in any order.
     *
     * @param experts the experts by their numbers; the rule says how many of them, at the end, are shared
     * @throws IllegalArgumentException if the experts do not fit each other, the router, or the rule
     */
    static MoeWeights of(RouterRule rule, RouterWeights router, List<ExpertWeights> experts) {
        return new MemoryWeights(rule, router, List.copyOf(experts));
    }

    /** Returns these weights held in memory, so that they can be asked for many times; asks for every expert now. */
    default MoeWeights inMemory() {
        return of(
                rule(),
                router(),
                IntStream.range(0, shape().allExperts()).mapToObj(this::expert).toList());
    }
}
