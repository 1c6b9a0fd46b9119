package org.expertgrid.benchmarks.kernels;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** JMH's own command line, with our benchmarks. */
@Command(name = "jmh", description = "The same products under JMH, with whatever JMH's command line takes after '--'.")
public final class BenchJmhCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ARGUMENT",
            arity = "0..*",
            description = "For JMH: -- -p kernels=vector -p element=FLOAT32")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException {
        org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
        return ExitCode.OK;
    }
}
