package org.expertgrid.experts.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;

/**
 * Where a model's weights come from: everything that runs a model is built from one of these.
 *
 * <p>{@link #expert} is asked once for each expert, in ascending order, by one thread, so that an implementation can draw
 * or read one expert at a time and a model larger than the memory of the JVM that deploys it can pass through. Use
 * {@link #inMemory()} to build several layers from the same weights.
 */
public interface MoeWeights {
    /** Returns the sizes of the layer. */
    MoeShape shape();

    /** Returns the element type of every matrix. */
    ElementType elementType();

    /** Returns how the router chooses; {@link RouterRule#seed} with one expert a row unless the source says otherwise. */
    default RouterRule rule() {
        return RouterRule.seed(1);
    }

    /** Returns the router's weights. */
    RouterWeights router();

    /**
     * Returns the weights of one expert, {@code [inputDim, hiddenDim]} and {@code [hiddenDim, outputDim]}.
     *
     * @param expert its number, from 0 to {@code shape().experts() - 1}
     * @throws IllegalArgumentException if there is no such expert
     * @throws IllegalStateException if these weights can only be asked for once and in order, and it is another one's turn
     */
    ExpertWeights expert(int expert);

    /**
     * Returns weights as the seed draws them: the router's from the generator 'router', the experts' one after another from
     * 'expert'. The router is drawn now and an expert when it is asked for, so the generators must not be used for
     * anything else until then, and experts can only be asked for in order.
     */
    static MoeWeights random(MoeShape shape, ElementType type, NamedRandomStates states) {
        return new RandomWeights(shape, type, states);
    }

    /** Returns weights that are held in memory and can be asked for in any order, for the seed's rule with one expert a row. */
    static MoeWeights of(RouterWeights router, List<ExpertWeights> experts) {
        return of(RouterRule.seed(1), router, experts);
    }

    /**
     * Returns weights that are held in memory and can be asked for in any order.
     *
     * @throws IllegalArgumentException if the experts do not fit each other, the router, or the rule
     */
    static MoeWeights of(RouterRule rule, RouterWeights router, List<ExpertWeights> experts) {
        return new MemoryWeights(rule, router, List.copyOf(experts));
    }

    /**
     * Returns weights that are read from a directory of {@code .npy} files: {@code router.weight.npy}, {@code router.bias.npy},
     * {@code expert0.fc1.weight.npy}, {@code expert0.fc1.bias.npy}, {@code expert0.fc2.weight.npy}, … All headers are checked
     * against each other now; an expert's files are read when it is asked for.
     *
     * @throws BadFileException if a file is missing, unreadable, or of a shape or type that does not fit the others
     */
    static MoeWeights read(Path directory) {
        return NpyWeights.open(directory);
    }

    /** Returns these weights held in memory, so that they can be asked for many times; asks for every expert now. */
    default MoeWeights inMemory() {
        return new MemoryWeights(
                rule(),
                router(),
                IntStream.range(0, shape().experts()).mapToObj(this::expert).toList());
    }
}
