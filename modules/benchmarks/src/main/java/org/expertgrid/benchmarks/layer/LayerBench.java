package org.expertgrid.benchmarks.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.expertgrid.benchmarks.peers.Peer;
import org.expertgrid.benchmarks.peers.Runner;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.cli.output.WrongAnswerException;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * Computes the layer for the same rows by Expertgrid and by the peers, in turn. It compares their results first and their times then.
 *
 * @param ours the peer that ratios are relative to
 * @param others the peers beside it
 * @param plan the plan of the measurement
 */
record LayerBench(Peer ours, List<Peer> others, Rounds.Plan plan) {
    private static final double LARGEST_DIFFERENCE_64 = 1e-9;
    private static final double LARGEST_DIFFERENCE_32 = 1e-4;

    /** Measures all batches on that many threads, and passes each run to {@code done}. */
    void measure(Example example, List<Integer> batches, int threads, Consumer<LayerRun> done) {
        List<Runner> runners = new ArrayList<>();
        try {
            runners.add(ours.prepare(example, threads));
            others.stream()
                    .filter(peer -> peer.computes(example))
                    .forEach(peer -> runners.add(peer.prepare(example, threads)));
            for (int batch : batches) {
                runners.forEach(runner -> runner.use(batch));
                compare(runners, example.elementType());
                List<Measurement> measured = Rounds.measure(runners, plan);
                double oursMillis = measured.get(0).times().medianMillis();
                measured.forEach(one -> done.accept(new LayerRun(
                        one.name(),
                        example.elementType(),
                        batch,
                        threads,
                        one.times(),
                        example.operations(batch),
                        oursMillis)));
            }
        } finally {
            runners.forEach(Runner::close);
        }
    }

    /** Throws {@link WrongAnswerException} if a runner computes another result than ours. */
    private static void compare(List<Runner> runners, ElementType element) {
        double allowed = element == ElementType.FLOAT64 ? LARGEST_DIFFERENCE_64 : LARGEST_DIFFERENCE_32;
        Matrix reference = runners.get(0).result(0);
        for (Runner runner : runners.subList(1, runners.size())) {
            double difference = Agreement.ofScale(runner.result(0), reference);
            if (!(difference <= allowed)) {
                throw new WrongAnswerException(runner.name() + ", " + element + ": differs from ours by " + difference
                        + " of scale (expected: at most " + allowed + ")");
            }
        }
    }
}
