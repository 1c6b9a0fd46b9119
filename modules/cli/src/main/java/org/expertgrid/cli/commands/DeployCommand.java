package org.expertgrid.cli.commands;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cli.local.RunningCluster;
import org.expertgrid.cli.options.ModelSource;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Progress;
import org.expertgrid.cli.output.StatusReport;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeWeights;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code deploy}. */
@Command(
        name = "deploy",
        description = {
            "Put a model on a running cluster: random weights, or a folder of .npy files",
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

    @Override
    public Integer call() {
        MoeWeights weights = source.open(options, new NamedRandomStates());
        try (Connection connection = running.connect()) {
            int members = connection.status().members().size();
            Problems problems = new Problems();
            options.checkGiven(problems, "--members", members, "the cluster");
            problems.throwIfAny();
            long start = System.nanoTime();
            try (TensorParallelMoe model = deploy(connection, weights)) {
                double milliseconds = (System.nanoTime() - start) / 1e6;
                output.say("model %s deployed in %.1f s", name, milliseconds / 1e3);
                output.say("");
                ClusterStatus status = new ClusterStatus(
                        connection.status().members(), List.of(model.status()), List.of(model.health()));
                new StatusReport(status).lines().forEach(line -> output.say("%s", line));
                Map<String, Object> json = StatusReport.json(model.status());
                json.put("members", members);
                json.put("deploy_ms", milliseconds);
                output.result(json);
            }
        }
        return ExitCode.OK;
    }

    private TensorParallelMoe deploy(Connection connection, MoeWeights weights) {
        try (Progress progress = output.progress("Deploying " + name)) {
            return connection.deploy(options.model(weights).progress(progress), name);
        }
    }
}
