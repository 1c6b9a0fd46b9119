package org.expertgrid.benchmarks;

import org.expertgrid.benchmarks.cluster.BenchClusterCommand;
import org.expertgrid.benchmarks.kernels.BenchJmhCommand;
import org.expertgrid.benchmarks.kernels.BenchKernelsCommand;
import org.expertgrid.benchmarks.layer.BenchLayerCommand;
import org.expertgrid.benchmarks.memory.BenchMemoryCommand;
import org.expertgrid.benchmarks.model.BenchModelCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code bench}, with a subcommand for each kind of benchmark. */
@Command(
        name = "bench",
        description = "Times, beside other libraries and beside the limits of the machine.",
        synopsisSubcommandLabel = "WHAT",
        footer = {
            "",
            "Exit codes: 0 done; 1 results differ, or, with --check, a goal was missed; 2 bad usage or bad input;"
                    + " 3 it failed while it ran.",
        },
        subcommands = {
            BenchKernelsCommand.class,
            BenchLayerCommand.class,
            BenchClusterCommand.class,
            BenchMemoryCommand.class,
            BenchModelCommand.class,
            BenchJmhCommand.class
        })
final class BenchCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec command;

    /** Prints help, because no subcommand was given. */
    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
