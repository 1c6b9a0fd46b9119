package org.expertgrid.cluster.worker;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.ExpertKind;
import org.expertgrid.experts.layers.ExpertRows;
import org.expertgrid.experts.layers.GatedExperts;
import org.expertgrid.experts.layers.PackedExpert;
import org.expertgrid.experts.ranks.RankTree;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * Computes with small experts of a kind until the JVM has compiled what large ones need: before that a product is hundreds of times slower, and
 * a member's first tasks would take as much longer.
 */
public final class WarmUp {
    /** As many passes as this without a faster one, and the JVM has compiled what there is, or had done so before. */
    private static final int STEADY_PASSES = 100;

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int WIDTH = 96;
    private static final List<Integer> ROWS = List.of(1, 4, 7, 50);
    private static final RankTree RANKS = new RankTree(2);

    private WarmUp() {}

    /** Computes on the calling thread alone, for so long at most; the results are discarded. */
    public static void run(Kernels kernels, ExpertKind kind, long atMostMillis) {
        // The kernels that are chosen may begin in plain loops, which would end the warm-up before the others are
        // compiled.
        GatedExperts experts = new GatedExperts(KernelsChoice.named(kernels.name()), ThreadTeam.ofCaller());
        PackedExpert expert = zeros(kind);
        List<PackedExpert> parts = List.of(expert, expert);
        Deadline deadline = Deadline.inMillis(atMostMillis);
        long fastest = Long.MAX_VALUE;
        int sinceFaster = 0;
        while (sinceFaster < STEADY_PASSES && !deadline.passed()) {
            long start = System.nanoTime();
            for (int rows : ROWS) {
                Matrix x = Matrix.zeros(kind.elementType(), rows, WIDTH);
                int[] all = IntStream.range(0, rows).toArray();
                List<ExpertRows> taken = List.of(new ExpertRows(new GatedRows(all, new double[rows]), parts));
                experts.forward(x, taken, kind.gateOn(), WIDTH, List.of(RANKS.root()));
            }
            long pass = System.nanoTime() - start;
            sinceFaster = pass < fastest * 0.8 ? 0 : sinceFaster + 1;
            fastest = Math.min(fastest, pass);
            // The compiler needs the processors, too.
            LockSupport.parkNanos(Math.min(pass, LONGEST_PAUSE_NANOS));
        }
    }

    private static PackedExpert zeros(ExpertKind kind) {
        ExpertShape shape = kind.shape(WIDTH);
        List<ExpertMatrix> matrices = shape.matrices();
        Matrix bias = shape.biases() ? Matrix.zeros(kind.elementType(), 1, WIDTH) : null;
        return new PackedExpert(
                shape,
                IntStream.range(0, matrices.size())
                        .mapToObj(m -> WeightMatrix.zeros(kind.formats().get(m), WIDTH, WIDTH))
                        .map(weight -> PackedWeights.pack(weight, bias))
                        .toList());
    }
}
