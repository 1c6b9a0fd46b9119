package org.expertgrid.cli.commands;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.expertgrid.cli.local.RunningCluster;
import org.expertgrid.cli.local.TemporaryCluster;
import org.expertgrid.cli.options.ForwardFiles;
import org.expertgrid.cli.options.ModelSource;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Progress;
import org.expertgrid.cli.seed.Comparison;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Matrix;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code forward}: one forward pass, on a temporary or a running cluster. */
@Command(
        name = "forward",
        description = {
            "One forward pass on random or given rows",
            "",
            "On a local cluster of JVMs that is started for it, or of members in this JVM (--embedded), or on a running"
                    + " one (--cluster, --model).",
            "",
            "Random rows are the seed's, from the generator 'testing'; random weights too. Of a model that exists, the"
                    + " sizes need not be given, and must be its own if they are.",
            "",
        })
public final class ForwardCommand implements Callable<Integer> {
    private static final String PASSING_MODEL = "forward";

    @Option(names = "--embedded", description = "All members in this JVM; they still talk over sockets.")
    private boolean embedded;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "A model of the running cluster; NAME/L for layer L of a checkpoint.")
    private String model;

    @Option(names = "--layer", paramLabel = "L", description = "The layer of the checkpoint, from 0.")
    private Integer layer;

    @Mixin
    private RunningCluster running;

    @Mixin
    private ModelSource source;

    @Mixin
    private ForwardFiles files;

    @Mixin
    private ShapeOptions options;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        checkCombination();
        files.check();
        if (running.isAskedFor()) {
            onRunningCluster();
        } else {
            onPassingCluster();
        }
        return ExitCode.OK;
    }

    private void checkCombination() {
        boolean existing = running.isAskedFor();
        Problems problems = new Problems()
                .expect(!existing || model != null, "--model", "none", "the name of a model of the running cluster")
                .expect(existing || model == null, "--model", model, "--cluster with it, for a running cluster")
                .expect(!existing || !embedded, "--embedded", "given", "not together with --cluster")
                .expect(
                        !existing || !source.isGiven(),
                        "--weights or --checkpoint",
                        "given",
                        "not together with --cluster")
                .expect(
                        source.isCheckpoint() == (layer != null),
                        "--layer",
                        layer == null ? "none" : layer,
                        source.isCheckpoint() ? "the number of an MoE layer" : "--checkpoint with it");
        source.check(problems);
        if (existing) {
            options.checkNotGiven(problems, "--heap", "not together with --cluster, whose members run already");
        } else if (embedded) {
            options.checkNoHeapInOneJvm(problems);
        }
        problems.throwIfAny();
    }

    private void onPassingCluster() {
        NamedRandomStates states = new NamedRandomStates();
        MoeWeights weights = layer == null ? source.open(options, states) : source.openLayer(options, layer);
        Matrix x = files.rows(options.parameters(weights.shape(), weights.elementType(), 1), options, states);
        try (TemporaryCluster cluster = TemporaryCluster.start(options, embedded);
                Connection connection = cluster.connect()) {
            long start = System.nanoTime();
            try (TensorParallelMoe moe = deploy(connection, weights)) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("deploy_ms", (System.nanoTime() - start) / 1e6);
                forward(connection, moe, x, json);
            }
        }
    }

    private void onRunningCluster() {
        Problems problems = options.problems();
        try (Connection connection = running.connect();
                TensorParallelMoe moe = connection.connect(model)) {
            options.checkAgainst(problems, "model '" + model + "'", moe);
            options.checkGiven(
                    problems, "--members", connection.status().members().size(), "the cluster");
            problems.throwIfAny();
            forward(
                    connection,
                    moe,
                    files.rows(options.parameters(moe.shape(), moe.elementType(), 1), options, new NamedRandomStates()),
                    new LinkedHashMap<>());
        }
    }

    private TensorParallelMoe deploy(Connection connection, MoeWeights weights) {
        try (Progress progress = output.progress("Deploying")) {
            TensorParallelMoe.Builder builder =
                    source.isCheckpoint() ? options.checkpointLayer(weights) : options.model(weights);
            return connection.deploy(builder.progress(progress), PASSING_MODEL);
        }
    }

    private void forward(Connection connection, TensorParallelMoe moe, Matrix x, Map<String, Object> json) {
        long start = System.nanoTime();
        Matrix y = moe.forward(x);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        files.save(x, y, moe);
        List<MemberStatus> members = connection.status().members();

        output.say(
                "%d rows, %d -> %d -> %d, %d experts, top %d, %s; %d members, %d ranks, %s",
                x.rows(),
                moe.shape().inputDim(),
                moe.shape().hiddenDim(),
                moe.shape().outputDim(),
                moe.shape().experts(),
                moe.topK(),
                Output.text(moe.elementType()),
                members.size(),
                moe.ranks(),
                Output.text(moe.exchange()));
        output.say("forward      %.2f ms", milliseconds);
        output.say("output sum   %s", Comparison.sum(y));
        files.saved().forEach(file -> output.say("written      %s", file));
        json.put("rows", x.rows());
        json.put("output_sum", Comparison.sum(y));
        json.put("forward_ms", milliseconds);
        json.put("members", members.size());
        json.put("ranks", moe.ranks());
        json.put("bytes_primary", sum(members, MemberStatus::primaryBytes));
        json.put("bytes_backup", sum(members, MemberStatus::backupBytes));
        json.put("bytes_packed", 0); // members compute on the shards themselves
        output.result(json);
    }

    private static long sum(List<MemberStatus> members, ToLongFunction<MemberStatus> bytes) {
        return members.stream().mapToLong(bytes).sum();
    }
}
