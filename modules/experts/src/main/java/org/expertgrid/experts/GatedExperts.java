package org.expertgrid.experts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;
import org.expertgrid.kernels.Target;

/**
 * The packed experts of one layer, or a slice of each, and the way of a batch through them: every row through every
 * expert that it is routed to, times its gate, added up.
 *
 * <p>A call has three stages, and all threads of the team share the units of each:
 *
 * <pre>
 *   gather   x rows of expert e ----------------> packed rows        a unit: some rows of one expert
 *   fc1      relu(packed rows x fc1 + b) --------> hidden rows        a unit: some rows, some columns of one expert
 *   fc2      gate * (hidden rows x fc2 + b) -----> y, added           a unit: some rows, some columns of y, every expert
 * </pre>
 *
 * A unit of the last stage owns its part of y and takes the experts in ascending order: no two threads write one
 * element, and the order of the sum never depends on the threads. Because units are parts of experts and not whole
 * ones, an expert that most rows go to leaves no core idle.
 *
 * <p>Working memory is kept from call to call, as much as calls ran at the same time. Safe for use by many threads.
 */
public final class GatedExperts {
    private static final int GATHERED_ROWS = 96;
    private static final int PRODUCT_ROWS = 240;
    /** Enough units that the last ones to end leave little time in which other threads have none. */
    private static final int UNITS_PER_THREAD = 8;

    private final Kernels kernels;
    private final ThreadTeam team;
    private final ElementType elementType;
    private final int outputs;
    private final List<Packed> experts;
    private final Queue<Scratch> free = new ConcurrentLinkedQueue<>();

    /**
     * One expert's two weights, packed.
     *
     * @param fc1 from the input to the hidden width
     * @param fc2 from the hidden to the output width
     */
    public record Packed(PackedWeights fc1, PackedWeights fc2) {
        /** Packs both layers of an expert. */
        public static Packed of(ExpertWeights weights, Kernels kernels) {
            return new Packed(
                    kernels.pack(weights.fc1().weight(), weights.fc1().bias()),
                    kernels.pack(weights.fc2().weight(), weights.fc2().bias()));
        }
    }

    /** Takes experts of one shape, at least one, that {@code kernels} packed. */
    public GatedExperts(List<Packed> experts, Kernels kernels, ThreadTeam team) {
        this.experts = List.copyOf(experts);
        this.kernels = kernels;
        this.team = team;
        this.elementType = experts.get(0).fc1().elementType();
        this.outputs = experts.get(0).fc2().outputs();
    }

    /**
     * Returns the gated sum of the experts' outputs for each row of {@code x}.
     *
     * @param x {@code [any, inputDim]}
     * @param rows the rows of {@code x} that each expert takes, with their gates
     */
    public Matrix forward(Matrix x, List<GatedRows> rows) {
        MatrixBuffer y = MatrixBuffer.allocate(elementType, x.rows(), outputs);
        int[] active = java.util.stream.IntStream.range(0, experts.size())
                .filter(e -> rows.get(e).count() > 0)
                .toArray();
        if (active.length == 0) {
            return y.toMatrix();
        }
        Scratch scratch = free.poll();
        Pass pass = new Pass(x, y, rows, active, scratch == null ? new Scratch() : scratch);
        pass.run();
        // Only after a pass that ended well: after a failure threads may still be reading it.
        free.offer(pass.scratch);
        return y.toMatrix();
    }

    /** The rows between the stages, one pair for each expert that has any. */
    private final class Scratch {
        private final List<PackedRows> inputs = new ArrayList<>();
        private final List<PackedRows> hidden = new ArrayList<>();

        void reset(int[] active, List<GatedRows> rows) {
            for (int i = 0; i < active.length; i++) {
                if (i == inputs.size()) {
                    inputs.add(kernels.rows(elementType));
                    hidden.add(kernels.rows(elementType));
                }
                PackedWeights fc1 = experts.get(active[i]).fc1();
                inputs.get(i).reset(rows.get(active[i]).count(), fc1.inputs());
                hidden.get(i).reset(rows.get(active[i]).count(), fc1.outputs());
            }
        }
    }

    /** One call. */
    private final class Pass {
        private final Matrix x;
        private final MatrixBuffer y;
        private final List<GatedRows> rows;
        private final int[] active;
        private final Scratch scratch;

        Pass(Matrix x, MatrixBuffer y, List<GatedRows> rows, int[] active, Scratch scratch) {
            this.x = x;
            this.y = y;
            this.rows = rows;
            this.active = active;
            this.scratch = scratch;
        }

        /** A part of the product of one of the active experts. */
        private record Unit(int index, Region region) {}

        void run() {
            scratch.reset(active, rows);
            List<Unit> gathers = new ArrayList<>();
            List<Unit> products = new ArrayList<>();
            for (int i = 0; i < active.length; i++) {
                int count = rows.get(active[i]).count();
                cut(i, count, GATHERED_ROWS, 1, 1, gathers);
                int panels = experts.get(active[i]).fc1().panels();
                cut(i, count, PRODUCT_ROWS, panels, panelsOfUnit(panels), products);
            }
            List<Unit> sums = new ArrayList<>();
            int panels = experts.get(active[0]).fc2().panels();
            boolean enough = panels >= team.threads() * 2;
            cut(-1, x.rows(), enough ? x.rows() : PRODUCT_ROWS, panels, panelsOfUnit(panels), sums);
            team.run(
                    new ThreadTeam.Stage(gathers.size(), unit -> gather(gathers.get(unit))),
                    new ThreadTeam.Stage(products.size(), unit -> multiply(products.get(unit))),
                    new ThreadTeam.Stage(sums.size(), unit -> sum(sums.get(unit).region())));
        }

        private int panelsOfUnit(int panels) {
            return Math.max(1, panels / (UNITS_PER_THREAD * team.threads()));
        }

        private static void cut(int index, int rows, int rowStep, int panels, int panelStep, List<Unit> units) {
            for (int panel = 0; panel < panels; panel += panelStep) {
                for (int row = 0; row < rows; row += rowStep) {
                    units.add(new Unit(
                            index,
                            new Region(
                                    row,
                                    Math.min(row + rowStep, rows),
                                    panel,
                                    Math.min(panel + panelStep, panels))));
                }
            }
        }

        private void gather(Unit unit) {
            int[] selection = rows.get(active[unit.index()]).rows();
            kernels.gather(
                    x,
                    selection,
                    unit.region().fromRow(),
                    unit.region().toRow(),
                    scratch.inputs.get(unit.index()));
        }

        private void multiply(Unit unit) {
            kernels.multiply(
                    scratch.inputs.get(unit.index()),
                    experts.get(active[unit.index()]).fc1(),
                    unit.region(),
                    Activation.RELU,
                    scratch.hidden.get(unit.index()));
        }

        private void sum(Region ofY) {
            for (int i = 0; i < active.length; i++) {
                GatedRows gated = rows.get(active[i]);
                int from = position(gated, ofY.fromRow());
                int to = position(gated, ofY.toRow());
                if (from < to) {
                    Target target = y.gatedSum(gated);
                    Region region = new Region(from, to, ofY.fromPanel(), ofY.toPanel());
                    kernels.multiply(
                            scratch.hidden.get(i), experts.get(active[i]).fc2(), region, Activation.IDENTITY, target);
                }
            }
        }

        /** Returns where the first of the expert's rows that is not below {@code row} stands among them. */
        private static int position(GatedRows gated, int row) {
            int found = Arrays.binarySearch(gated.rows(), row);
            return found < 0 ? -found - 1 : found;
        }
    }
}
