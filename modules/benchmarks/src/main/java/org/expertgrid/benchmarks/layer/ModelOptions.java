package org.expertgrid.benchmarks.layer;

import java.util.List;
import org.expertgrid.cli.options.DimensionOptions;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.ElementType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the sizes of the measured layer, with the seed's sizes as defaults. */
public final class ModelOptions {
    @Mixin
    private DimensionOptions dimensions;

    @Option(
            names = "--element",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "float64,float32",
            description = "Types of the elements, one or more (${DEFAULT-VALUE}).")
    public List<ElementType> elements;

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,16,128,1000",
            description = "Rows of a call, one or more numbers (${DEFAULT-VALUE}).")
    public List<Integer> batches;

    /** Returns the problems of these options, for more to be added. */
    public Problems problems() {
        return dimensions
                .problems()
                .expect(batches.stream().allMatch(batch -> batch >= 1), "--batch", batches, "at least 1 each");
    }

    /** Adds a problem for each model that cannot be divided over that many ranks by one of these exchanges. */
    public Problems checkRanks(Problems problems, int ranks, List<Exchange> exchanges) {
        exchanges.forEach(exchange -> elements.forEach(element -> dimensions.checkRanks(problems, ranks, exchange)));
        return problems;
    }

    /** Returns the seed's parameters for a model of these sizes, and for that many rows. */
    public SeedExercise.Parameters parameters(ElementType element, int rows) {
        return dimensions.parameters(rows, element, 1);
    }
}
