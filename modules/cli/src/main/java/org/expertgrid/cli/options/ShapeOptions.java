package org.expertgrid.cli.options;

import java.util.Iterator;
import java.util.Objects;
import java.util.stream.Stream;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options for the sizes of rows, model and cluster, the same in every command, with the seed's values as defaults. */
public final class ShapeOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Rows, from 0 up (${DEFAULT-VALUE}).")
    public int batch;

    @Mixin
    private DimensionOptions dimensions;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "10",
            description = "Ranks: the parts into which every weight is cut (${DEFAULT-VALUE}).")
    public int ranks;

    @Option(
            names = "--element",
            paramLabel = "TYPE",
            defaultValue = "float64",
            completionCandidates = ElementTypes.class,
            description = "Type of all elements: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    public ElementType element;

    @Option(
            names = "--exchange",
            paramLabel = "WAY",
            defaultValue = "reduce",
            completionCandidates = Exchanges.class,
            description = "How experts are cut and results combined: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    public Exchange exchange;

    @Option(
            names = "--members",
            paramLabel = "N",
            defaultValue = "3",
            description = "Data members of the cluster (${DEFAULT-VALUE}).")
    public int members;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "512m",
            description = "Heap of each member JVM that is started (${DEFAULT-VALUE}).")
    public String heap;

    @Option(
            names = "--backups",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Copies of every shard beside the first: so many members may be lost at once (${DEFAULT-VALUE}).")
    public int backups;

    /** Returns the problems of these options. The caller may add more. */
    public Problems problems() {
        Problems problems = dimensions
                .problems()
                .expect(batch >= 0, "--batch", batch, "at least 0")
                .expect(members >= 1, "--members", members, "at least 1");
        return LocalCluster.Options.expectBackups(
                LocalCluster.Options.expectHeap(problems, "--heap", heap), "--backups", backups);
    }

    /** Adds a problem if a model of that shape and type cannot be divided over the ranks. */
    Problems checkRanks(Problems problems, MoeShape shape) {
        return TensorParallelMoe.expectRanks(problems, "--ranks", ranks, exchange, shape);
    }

    /** Throws the problems of all options of a command whose model is described by these options alone. */
    void check() {
        checked().throwIfAny();
    }

    /** Returns the problems of all options of a command whose model is described by these options alone. */
    public Problems checked() {
        return dimensions.checkRanks(problems(), ranks, exchange);
    }

    /** Returns the number of rows. */
    public int batch() {
        return batch;
    }

    /** Returns the number of data members. */
    public int members() {
        return members;
    }

    /** Returns the heap of a member JVM, as {@code -Xmx} has it. */
    public String heap() {
        return heap;
    }

    /** Returns how many copies of every shard there are beside the first. */
    public int backups() {
        return backups;
    }

    /** Returns the builder of a model with these weights and options. */
    public TensorParallelMoe.Builder model(MoeWeights weights) {
        return describe(TensorParallelMoe.builder(weights));
    }

    /** Returns the builder of a layer of a checkpoint, whose rule says how many experts a row goes to. */
    public TensorParallelMoe.Builder checkpointLayer(MoeWeights weights) {
        return TensorParallelMoe.builder(weights).ranks(ranks).exchange(exchange);
    }

    /** Sets these options on the builder of a model. */
    public TensorParallelMoe.Builder describe(TensorParallelMoe.Builder model) {
        return model.topK(dimensions.topK()).ranks(ranks).exchange(exchange);
    }

    MoeShape shape() {
        return dimensions.shape();
    }

    /** Returns the seed's parameters for a model of these options. */
    public SeedExercise.Parameters parameters(int repetitions) {
        return parameters(shape(), element, repetitions);
    }

    /** Returns the seed's parameters for a model with a given shape and type. */
    public SeedExercise.Parameters parameters(MoeShape shape, ElementType type, int repetitions) {
        return dimensions.parameters(batch, shape, type, repetitions);
    }

    /** Adds a problem for every option that was given and differs from an existing model. */
    public void checkAgainst(Problems problems, String model, MoeShape shape, ElementType type) {
        checkGiven(problems, "--input-dim", shape.inputDim(), model);
        checkGiven(problems, "--hidden-dim", shape.hiddenDim(), model);
        checkGiven(problems, "--output-dim", shape.outputDim(), model);
        checkGiven(problems, "--experts", shape.experts(), model);
        checkGiven(problems, "--element", type, model);
    }

    /** Adds a problem for every option that was given and differs from a deployed model. */
    public void checkAgainst(Problems problems, String name, TensorParallelMoe model) {
        checkAgainst(problems, name, model.shape(), model.elementType());
        checkGiven(problems, "--ranks", model.ranks(), name);
        checkGiven(problems, "--exchange", model.exchange(), name);
        if (Math.min(dimensions.topK(), model.shape().experts()) != model.topK()) {
            checkGiven(problems, "--topk", model.topK(), name);
        }
    }

    /** Adds a problem if the option was given with another value than {@code actual}, the value of {@code whose}. */
    public void checkGiven(Problems problems, String option, Object actual, String whose) {
        OptionSpec given = command.commandLine().getParseResult().matchedOption(option);
        if (given != null) {
            Object value = given.getValue();
            problems.expect(
                    Objects.equals(value, actual),
                    option,
                    Output.text(value),
                    Output.text(actual) + ", as " + whose + " has it");
        }
    }

    /** Adds a problem if the option was given, because it has no meaning there. */
    public void checkNotGiven(Problems problems, String option, String expectation) {
        OptionSpec given = command.commandLine().getParseResult().matchedOption(option);
        if (given != null) {
            problems.expect(false, option, Output.text(given.getValue()), expectation);
        }
    }

    /** Adds a problem if a heap was given for members in this JVM. */
    public void checkNoHeapInOneJvm(Problems problems) {
        checkNotGiven(problems, "--heap", "not together with --embedded, whose members share this JVM's");
    }

    private static final class ElementTypes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(ElementType.values()).map(Output::text).iterator();
        }
    }

    private static final class Exchanges implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(Exchange.values()).map(Output::text).iterator();
        }
    }
}
