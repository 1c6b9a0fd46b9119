package org.expertgrid.cluster.worker;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.experts.layers.GatedExperts;
import org.expertgrid.experts.layers.PackedExpert;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightMatrix;

/**
 * Runs a small layer until the JVM has compiled what a large one needs: before that a product is hundreds of times slower, and a member's
 * first real batch would be the one to find out.
 */
public final class WarmUp {
    private static final long MILLIS = 400;
    /** As many passes as this without a faster one, and the JVM has compiled what there is, or had done so before. */
    private static final int STEADY_PASSES = 100;

    private static final int WIDTH = 96;
    private static final List<Integer> ROWS = List.of(1, 4, 7, 50);

    private WarmUp() {}

    /** Computes on the calling thread alone, for less than half a second; what comes out is nobody's. */
    public static void run(Kernels kernels, ElementType type) {
        Matrix weight = Matrix.zeros(type, WIDTH, WIDTH);
        Matrix bias = Matrix.zeros(type, 1, WIDTH);
        GatedExperts experts = new GatedExperts(kernels, ThreadTeam.ofCaller());
        PackedWeights weights = PackedWeights.pack(WeightMatrix.of(weight), bias);
        List<PackedExpert> packed = List.of(PackedExpert.seed(weights, weights));
        Deadline deadline = Deadline.inMillis(MILLIS);
        long fastest = Long.MAX_VALUE;
        int sinceFaster = 0;
        while (sinceFaster < STEADY_PASSES && !deadline.passed()) {
            long start = System.nanoTime();
            for (int rows : ROWS) {
                Matrix x = Matrix.zeros(type, rows, WIDTH);
                int[] all = IntStream.range(0, rows).toArray();
                experts.forward(x, List.of(new GatedRows(all, new double[rows])), packed, GateOn.OUTPUT);
            }
            long pass = System.nanoTime() - start;
            sinceFaster = pass < fastest * 0.8 ? 0 : sinceFaster + 1;
            fastest = Math.min(fastest, pass);
        }
    }
}
