package org.expertgrid.benchmarks;

import org.expertgrid.benchmarks.cluster.BenchClusterCommand;
import org.expertgrid.benchmarks.kernels.BenchJmhCommand;
import org.expertgrid.benchmarks.kernels.BenchKernelsCommand;
import org.expertgrid.benchmarks.layer.BenchLayerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The benchmarks, by what they measure. */
@Command(
        name = "bench",
        description = "Times, side by side with others and with what the machine allows.",
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
            BenchJmhCommand.class
        })
final class BenchCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec command;

    /** Without a subcommand there is only help to give. */
    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
