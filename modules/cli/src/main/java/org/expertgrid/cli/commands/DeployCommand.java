package org.expertgrid.cli.commands;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.local.RunningCluster;
import org.expertgrid.cli.options.LayerNumbers;
import org.expertgrid.cli.options.ModelSource;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cli.output.NarrowingReport;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Progress;
import org.expertgrid.cli.output.StatusReport;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.ModelDeployment;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeWeights;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code deploy}. */
@Command(
        name = "deploy",
        description = {
            "Put a model on a running cluster: the MoE layers of a checkpoint, a folder of .npy files, or random weights",
            "",
            "The layers of a checkpoint are one model. Layer L is called NAME/L.",
            "",
            "--batch and --heap have no effect here. --members is the number of members that the cluster must have.",
            "",
        })
public final class DeployCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The model's name, which no other model has.")
    private String name;

    @Mixin
    private ModelSource source;

    @Mixin
    private ShapeOptions options;

    @Mixin
    private RunningCluster running;

    @Mixin
    private Output output;

    @Option(
            names = "--layers",
            paramLabel = "LIST",
            description = "The layers of the checkpoint that are deployed: 0-3,7 (every MoE layer).")
    private String layers;

    @Override
    public Integer call() {
        Problems problems = source.check(new Problems())
                .expect(layers == null || source.isCheckpoint(), "--layers", layers, "--checkpoint with it");
        problems.throwIfAny();
        if (source.isCheckpoint()) {
            deployCheckpoint();
        } else {
            deployLayer(source.open(options, new NamedRandomStates()));
        }
        return ExitCode.OK;
    }

    private void deployCheckpoint() {
        Optional<List<Integer>> asked = Optional.ofNullable(layers).map(LayerNumbers::parse);
        Checkpoint checkpoint = source.openCheckpoint();
        Map<Integer, MoeWeights> weights = source.layers(checkpoint, asked);
        ModelDeployment deployment = new ModelDeployment(checkpoint.moeLayers().family(), weights)
                .ranks(options.ranks)
                .exchange(options.exchange);
        try (Connection connection = connect()) {
            long start = System.nanoTime();
            try (Progress progress = output.progress("Deploying " + name)) {
                deployment.progress(progress).deploy(connection.hazelcast(), name);
            }
            int first = weights.keySet().iterator().next();
            try (TensorParallelMoe layer = connection.connect(name + "/" + first)) {
                report(connection, layer, System.nanoTime() - start, NarrowingReport.of(weights));
            }
        }
    }

    private void deployLayer(MoeWeights weights) {
        try (Connection connection = connect()) {
            long start = System.nanoTime();
            try (Progress progress = output.progress("Deploying " + name);
                    TensorParallelMoe model =
                            connection.deploy(options.model(weights).progress(progress), name)) {
                report(connection, model, System.nanoTime() - start, NarrowingReport.NONE);
            }
        }
    }

    private Connection connect() {
        Connection connection = running.connect();
        try {
            Problems problems = new Problems();
            options.checkGiven(
                    problems, "--members", connection.status().members().size(), "the cluster");
            problems.throwIfAny();
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void report(Connection connection, TensorParallelMoe model, long nanos, NarrowingReport narrowing) {
        double milliseconds = nanos / 1e6;
        output.say("model %s deployed in %.1f s", name, milliseconds / 1e3);
        output.say("");
        ClusterStatus status = new ClusterStatus(
                connection.status().members(), List.of(model.status()), List.of(model.health()), List.of());
        StatusReport report = new StatusReport(status);
        report.table().forEach(line -> output.say("%s", line));
        report.warning().ifPresent(output.err()::println);
        narrowing.lines().forEach(line -> output.say("%s", line));
        Map<String, Object> json = StatusReport.json(model.status());
        json.put("members", status.members().size());
        json.put("deploy_ms", milliseconds);
        json.put("narrowing", narrowing.json());
        output.result(json);
    }
}
