package org.expertgrid.benchmarks;

import java.util.List;
import org.expertgrid.cluster.SeedExercise;
import org.expertgrid.experts.Problems;
import org.expertgrid.kernels.ElementType;
import picocli.CommandLine.Option;

/** The sizes of the layer that is measured; the seed's as defaults. */
final class ModelOptions {
    @Option(
            names = "--input-dim",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Width of a row (${DEFAULT-VALUE}).")
    int inputDim;

    @Option(
            names = "--hidden-dim",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Width between an expert's two layers (${DEFAULT-VALUE}).")
    int hiddenDim;

    @Option(
            names = "--output-dim",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Width of a result (${DEFAULT-VALUE}).")
    int outputDim;

    @Option(names = "--experts", paramLabel = "N", defaultValue = "10", description = "Experts (${DEFAULT-VALUE}).")
    int experts;

    @Option(
            names = "--topk",
            paramLabel = "K",
            defaultValue = "2",
            description = "Experts that each row goes to (${DEFAULT-VALUE}).")
    int topK;

    @Option(
            names = "--element",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "float64,float32",
            description = "What matrices hold, one or more (${DEFAULT-VALUE}).")
    List<ElementType> elements;

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,16,128,1000",
            description = "Rows of a call, one or more numbers (${DEFAULT-VALUE}).")
    List<Integer> batches;

    /** Returns the problems of these options, for more to be added. */
    Problems problems() {
        return new Problems()
                .expect(inputDim >= 1, "--input-dim", inputDim, "at least 1")
                .expect(hiddenDim >= 1, "--hidden-dim", hiddenDim, "at least 1")
                .expect(outputDim >= 1, "--output-dim", outputDim, "at least 1")
                .expect(experts >= 1, "--experts", experts, "at least 1")
                .expect(topK >= 1 && topK <= experts, "--topk", topK, "1 to " + experts + ", the experts")
                .expect(batches.stream().allMatch(batch -> batch >= 1), "--batch", batches, "at least 1 each");
    }

    /** Returns the seed's parameters for a model of these sizes, and for that many rows. */
    SeedExercise.Parameters parameters(ElementType element, int rows) {
        return new SeedExercise.Parameters(rows, inputDim, hiddenDim, outputDim, experts, topK, element, 1);
    }
}
