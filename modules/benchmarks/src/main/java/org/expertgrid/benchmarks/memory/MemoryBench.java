package org.expertgrid.benchmarks.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.WeightFormat;

/**
 * Deploys models of about the same size on member JVMs with one backup, one after the other, and compares live heaps.
 *
 * @param members how many member JVMs there are
 * @param heap the heap of each, as {@code -Xmx} takes it
 * @param megabytes about how large each model is
 */
record MemoryBench(int members, String heap, int megabytes) {
    private static final int START_SECONDS = 180;
    private static final int WIDTH = 1024;
    private static final int HIDDEN = 2048;
    /** Each rank's part of the hidden width fills its panels in every format. */
    private static final int RANKS = 8;

    private static final int WARM_UP_EXPERTS = 1;

    /** Measures the formats in their order; gives each run when it has ended. */
    List<MemoryRun> measure(List<WeightFormat> formats, Consumer<MemoryRun> ended) {
        List<MemoryRun> runs = new ArrayList<>();
        try (TemporaryFolder logs = TemporaryFolder.create();
                LocalCluster cluster = LocalCluster.start(
                        new LocalCluster.Options(members, heap, logs.path(), 0, true, START_SECONDS));
                Connection connection = cluster.connection()) {
            List<Long> processes =
                    cluster.members().stream().map(MemberProcess::pid).toList();
            // Classes are loaded and pools are filled by the first model.
            deploy(connection, formats.get(0), WARM_UP_EXPERTS);
            connection.undeploy("warm-up");
            for (WeightFormat format : formats) {
                long before = LiveHeap.bytes(processes);
                long weights = deploy(connection, format, experts(format));
                MemoryRun run = new MemoryRun(format, weights, LiveHeap.bytes(processes) - before);
                connection.undeploy(name(experts(format)));
                ended.accept(run);
                runs.add(run);
            }
        }
        return runs;
    }

    private int experts(WeightFormat format) {
        long ofExpert = 2L * WIDTH * HIDDEN * format.bits() / Byte.SIZE;
        return (int) Math.max(2, ((long) megabytes << 20) / ofExpert);
    }

    private static String name(int experts) {
        return experts == WARM_UP_EXPERTS ? "warm-up" : "measured";
    }

    /** Deploys a model and returns the bytes of its weights. */
    private static long deploy(Connection connection, WeightFormat format, int experts) {
        RepeatedExpert weights = RepeatedExpert.draw(new MoeShape(WIDTH, HIDDEN, WIDTH, experts), format);
        try (TensorParallelMoe moe =
                connection.deploy(TensorParallelMoe.builder(weights).ranks(RANKS), name(experts))) {
            return moe.status().bytes();
        }
    }
}
