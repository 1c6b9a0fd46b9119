package org.expertgrid.cli.options;

import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;
import picocli.CommandLine.Option;

/**
 * The options for the sizes of a model, the same in every command, with the seed's values as defaults.
 *
 * <p>For one thread.
 */
public final class DimensionOptions {
    @Option(
            names = "--input-dim",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Width of a row (${DEFAULT-VALUE}).")
    private int inputDim;

    @Option(
            names = "--hidden-dim",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Width between an expert's two layers (${DEFAULT-VALUE}).")
    private int hiddenDim;

    @Option(
            names = "--output-dim",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Width of a result (${DEFAULT-VALUE}).")
    private int outputDim;

    @Option(names = "--experts", paramLabel = "N", defaultValue = "10", description = "Experts (${DEFAULT-VALUE}).")
    private int experts;

    @Option(
            names = "--topk",
            paramLabel = "K",
            defaultValue = "2",
            description = "Experts for each row; more than --experts means all (${DEFAULT-VALUE}).")
    private int topK;

    /** Returns the problems of these options. The caller may add more. */
    public Problems problems() {
        return new Problems()
                .expect(inputDim >= 1, "--input-dim", inputDim, "at least 1")
                .expect(hiddenDim >= 1, "--hidden-dim", hiddenDim, "at least 1")
                .expect(outputDim >= 1, "--output-dim", outputDim, "at least 1")
                .expect(experts >= 1, "--experts", experts, "at least 1")
                .expect(topK >= 1, "--topk", topK, "at least 1");
    }

    /** Adds a problem if a model of these sizes cannot be divided over that many ranks. Adds none if the sizes are invalid themselves. */
    public Problems checkRanks(Problems problems, int ranks, Exchange exchange) {
        return hiddenDim >= 1 && outputDim >= 1
                ? TensorParallelMoe.expectRanks(
                        problems, "--ranks", ranks, exchange, new MoeShape(1, hiddenDim, outputDim, 1))
                : problems;
    }

    /** Returns the number of experts for each row. More than a model has means all. */
    int topK() {
        return topK;
    }

    /**
     * Returns the sizes, in elements.
     *
     * @throws IllegalArgumentException if there are {@link #problems}
     */
    MoeShape shape() {
        return new MoeShape(inputDim, hiddenDim, outputDim, experts);
    }

    /**
     * Returns the seed's parameters for a model of these sizes and so many rows.
     *
     * @throws IllegalArgumentException if there are {@link #problems}
     */
    public SeedExercise.Parameters parameters(int rows, ElementType type, int repetitions) {
        return parameters(rows, shape(), type, repetitions);
    }

    /** Returns the seed's parameters for a model with a given shape. */
    SeedExercise.Parameters parameters(int rows, MoeShape shape, ElementType type, int repetitions) {
        return new SeedExercise.Parameters(
                rows,
                shape.inputDim(),
                shape.hiddenDim(),
                shape.outputDim(),
                shape.experts(),
                RouterRule.seed(topK).effectiveTopK(shape.experts()),
                type,
                repetitions);
    }
}
