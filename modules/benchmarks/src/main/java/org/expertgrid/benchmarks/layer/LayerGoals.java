package org.expertgrid.benchmarks.layer;

import java.util.List;
import java.util.Map;
import org.expertgrid.benchmarks.report.Goals;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.ElementType;

/** The goals of the layer at the seed's shape, on all threads. */
final class LayerGoals {
    private static final Map<Integer, Double> OF_THE_BEST_PEER = Map.of(1000, 0.95, 16, 0.7, 1, 0.8);
    private static final double PLAIN = 2.5;
    private static final int LARGEST_BATCH = 1000;

    private LayerGoals() {}

    /** Returns the goals for which there are runs. Other kernels of Expertgrid are no peers. */
    static Goals of(List<LayerRun> runs, String ours, int threads) {
        Goals goals = new Goals();
        List<LayerRun> onAllThreads =
                runs.stream().filter(run -> run.threads() == threads).toList();
        for (ElementType element : ElementType.values()) {
            OF_THE_BEST_PEER.keySet().stream().sorted().forEach(batch -> {
                double best = onAllThreads.stream()
                        .filter(run -> run.element() == element && run.batch() == batch)
                        .filter(run -> !run.runner().equals(ours) && !isOurKernel(run.runner()))
                        .mapToDouble(LayerRun::ratioToOurs)
                        .min()
                        .orElse(Double.NaN);
                goals.atMost(
                        Output.text(element) + ", " + batch + " rows: ours / the best peer",
                        1 / best,
                        OF_THE_BEST_PEER.get(batch));
            });
            onAllThreads.stream()
                    .filter(run -> run.element() == element
                            && run.batch() == LARGEST_BATCH
                            && run.runner().equals("plain")
                            && !ours.equals("plain"))
                    .forEach(run -> goals.atMost(Output.text(element) + ": plain / " + ours, run.ratioToOurs(), PLAIN));
        }
        return goals;
    }

    private static boolean isOurKernel(String runner) {
        return List.of("vector", "plain", "ojalgo").contains(runner);
    }
}
