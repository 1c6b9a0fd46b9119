package org.expertgrid.cli.commands;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cli.local.KernelsSpeed;
import org.expertgrid.cli.options.CheckpointOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Versions;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.choice.KernelsChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code info}, which measures the kernels for about a second, or computes what a checkpoint needs. */
@Command(
        name = "info",
        description = {
            "JDK, kernels chosen, why and how fast, cores, heap, versions; or what a checkpoint needs",
            "",
            "With --checkpoint, it computes the memory that members and front need for the model, and starts nothing. The folder"
                    + " need not have the weights: config.json is enough.",
            "",
        })
public final class InfoCommand implements Callable<Integer> {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    @Mixin
    private CheckpointOptions checkpoint;

    @Option(
            names = "--members",
            paramLabel = "N",
            defaultValue = "3",
            description = "With --checkpoint: how many members there would be (${DEFAULT-VALUE}).")
    private int members;

    @Option(
            names = "--backups",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --checkpoint: how many copies of the weights beside the first (${DEFAULT-VALUE}).")
    private int backups;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "4",
            description = "With --checkpoint: parts that every weight is divided into (${DEFAULT-VALUE}).")
    private int ranks;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        return checkpoint.isGiven() ? ofCheckpoint() : ofMachine();
    }

    private int ofCheckpoint() {
        CheckpointSize.Plan plan = new CheckpointSize.Plan(members, backups, ranks, checkpoint.weightsAs());
        CheckpointSize size = CheckpointSize.of(checkpoint.folder(), plan);
        size.say(output, plan);
        output.result(size.json(plan));
        return ExitCode.OK;
    }

    private int ofMachine() {
        Kernels kernels = KernelsChoice.best();
        Runtime runtime = Runtime.getRuntime();
        boolean vectors = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();

        Map<String, Object> info = new LinkedHashMap<>();
        info.put("expertgrid", Versions.expertgrid());
        info.put("hazelcast", Versions.hazelcast());
        info.put("ojalgo", Versions.ojAlgo());
        info.put("java", Runtime.version().toString());
        info.put("vm", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.vendor"));
        info.put("java_home", System.getProperty("java.home"));
        info.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        info.put("cores", runtime.availableProcessors());
        info.put("heap_maximum", runtime.maxMemory());
        info.put("kernels", kernels.name());
        info.put("kernels_description", kernels.description());
        info.put("kernels_choice", KernelsChoice.choice().toString());
        info.put("vector_module", vectors);
        Map<ElementType, Double> gflops = new KernelsSpeed(kernels).gflops();
        double gflops64 = gflops.get(ElementType.FLOAT64);
        double gflops32 = gflops.get(ElementType.FLOAT32);
        info.put("gflops_float64", gflops64);
        info.put("gflops_float32", gflops32);
        info.put("jvm_options", options);

        output.say("Expertgrid    %s", info.get("expertgrid"));
        output.say("Hazelcast     %s", info.get("hazelcast"));
        output.say("ojAlgo        %s", info.get("ojalgo"));
        output.say("Java          %s, %s", info.get("java"), info.get("vm"));
        output.say("              %s", info.get("java_home"));
        output.say("machine       %s, %d cores for this JVM", info.get("os"), runtime.availableProcessors());
        output.say("heap          at most %d MB", runtime.maxMemory() >> 20);
        output.say("kernels       %s", KernelsChoice.choice().toString().replaceFirst("^kernels: ", ""));
        output.say("              %.0f GFLOP/s in float64, %.0f in float32, one thread", gflops64, gflops32);
        output.say("JVM options   %s", String.join("\n              ", options));
        output.result(info);
        return ExitCode.OK;
    }
}
