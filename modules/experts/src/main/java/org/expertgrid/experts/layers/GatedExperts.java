package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;

/**
 * Takes a batch through the experts of a layer, or through a slice of each: every row through every expert that it is routed
 * to, times its gate, added up.
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
    /** So few rows wait for the weights; kernels then read up to so many panels side by side, if a unit has them. */
    private static final int FEW_ROWS = 16;

    private static final int PANELS_SIDE_BY_SIDE = 8;

    private final Kernels kernels;
    private final ThreadTeam team;
    private final WorkingMemory<Scratch> memory = new WorkingMemory<>(Scratch::new);

    /**
     * One expert's two weights, packed.
     *
     * @param fc1 from the input to the hidden width
     * @param fc2 from the hidden to the output width
     */
    public record Packed(PackedWeights fc1, PackedWeights fc2) {
        /** Packs both layers of an expert. */
        public static Packed of(ExpertWeights weights) {
            return new Packed(weights.fc1().packed(), weights.fc2().packed());
        }
    }

    /** Computes with these kernels on the threads of this team. */
    public GatedExperts(Kernels kernels, ThreadTeam team) {
        this.kernels = kernels;
        this.team = team;
    }

    /**
     * Returns the gated sum of the experts' outputs for each row of {@code x}.
     *
     * @param x {@code [any, inputDim]}
     * @param rows the rows of {@code x} that each expert takes, with their gates
     * @param experts the experts, at least one, all of one shape
     * @return {@code [x.rows, outputDim]}, of the element type of {@code x}
     * @throws IllegalArgumentException if there are no experts or not as many as rows, if {@code x} is not as wide as their
     *     input or of another element type, or if other kernels packed them
     * @throws IndexOutOfBoundsException if an expert takes a row that {@code x} does not have
     */
    public Matrix forward(Matrix x, List<GatedRows> rows, List<Packed> experts) {
        new Problems()
                .expect(
                        rows.size() == experts.size(),
                        "rows",
                        "of " + rows.size() + " experts",
                        "of " + experts.size() + " experts")
                .expect(!experts.isEmpty(), "experts", 0, "at least 1")
                .throwIfAny();
        for (Packed expert : experts) {
            new Problems()
                    .expectInput(x, expert.fc1().inputs(), expert.fc1().elementType())
                    .throwIfAny();
        }
        MatrixBuffer y = MatrixBuffer.allocate(
                x.elementType(), x.rows(), experts.get(0).fc2().outputs());
        List<Active> active = new ArrayList<>();
        for (int e = 0; e < experts.size(); e++) {
            if (rows.get(e).count() > 0) {
                active.add(new Active(experts.get(e), rows.get(e)));
            }
        }
        if (active.isEmpty()) {
            return y.toMatrix();
        }
        ThreadTeam worth = team.worth(products(active));
        memory.lend(x.elementType(), scratch -> new Pass(x, y, active, scratch, worth).run());
        return y.toMatrix();
    }

    private static long products(List<Active> active) {
        long products = 0;
        for (Active one : active) {
            PackedWeights fc1 = one.expert().fc1();
            PackedWeights fc2 = one.expert().fc2();
            long weights = (long) fc1.inputs() * fc1.outputs() + (long) fc2.inputs() * fc2.outputs();
            products += weights * one.rows().count();
        }
        return products;
    }

    /** An expert that has rows. */
    private record Active(Packed expert, GatedRows rows) {}

    /** The rows between the stages, one pair for each expert that has any. */
    private final class Scratch {
        private final ElementType elementType;
        private final List<PackedRows> inputs = new ArrayList<>();
        private final List<PackedRows> hidden = new ArrayList<>();

        Scratch(ElementType elementType) {
            this.elementType = elementType;
        }

        void reset(List<Active> active) {
            for (int i = 0; i < active.size(); i++) {
                if (i == inputs.size()) {
                    inputs.add(kernels.rows(elementType));
                    hidden.add(kernels.rows(elementType));
                }
                PackedWeights fc1 = active.get(i).expert().fc1();
                inputs.get(i).reset(active.get(i).rows().count(), fc1.inputs());
                hidden.get(i).reset(active.get(i).rows().count(), fc1.outputs());
            }
        }
    }

    /** One call. */
    private final class Pass {
        private final Matrix x;
        private final MatrixBuffer y;
        private final List<Active> active;
        private final Scratch scratch;
        private final ThreadTeam team;

        Pass(Matrix x, MatrixBuffer y, List<Active> active, Scratch scratch, ThreadTeam team) {
            this.x = x;
            this.y = y;
            this.active = active;
            this.scratch = scratch;
            this.team = team;
        }

        /** A part of the product of one of the active experts, or of all of them. */
        private record Unit(int index, Region region) {}

        void run() {
            scratch.reset(active);
            List<Unit> gathers = new ArrayList<>();
            List<Unit> products = new ArrayList<>();
            for (int i = 0; i < active.size(); i++) {
                int count = active.get(i).rows().count();
                cut(i, count, GATHERED_ROWS, 1, 1, gathers);
                int panels = active.get(i).expert().fc1().panels();
                cut(i, count, PRODUCT_ROWS, panels, panelsOfUnit(count, panels), products);
            }
            List<Unit> sums = new ArrayList<>();
            int panels = active.get(0).expert().fc2().panels();
            boolean enough = panels >= team.threads() * 2;
            cut(-1, x.rows(), enough ? x.rows() : PRODUCT_ROWS, panels, panelsOfUnit(x.rows(), panels), sums);
            team.run(
                    new ThreadTeam.Stage(gathers.size(), unit -> gather(gathers.get(unit))),
                    new ThreadTeam.Stage(products.size(), unit -> multiply(products.get(unit))),
                    new ThreadTeam.Stage(sums.size(), unit -> sum(sums.get(unit).region())));
        }

        private int panelsOfUnit(int rows, int panels) {
            int ofUnit = Math.max(2, panels / (UNITS_PER_THREAD * team.threads()) / 2 * 2);
            int evenlyShared = panels / (2 * team.threads());
            return rows > FEW_ROWS ? ofUnit : Math.max(ofUnit, Math.min(PANELS_SIDE_BY_SIDE, evenlyShared));
        }

        private static void cut(int index, int rows, int rowStep, int panels, int panelStep, List<Unit> units) {
            for (int panel = 0; panel < panels; panel += panelStep) {
                int toPanel = Math.min(panel + panelStep, panels);
                for (int row = 0; row < rows; row += rowStep) {
                    units.add(new Unit(index, new Region(row, Math.min(row + rowStep, rows), panel, toPanel)));
                }
            }
        }

        private void gather(Unit unit) {
            int[] selection = active.get(unit.index()).rows().rows();
            Region region = unit.region();
            kernels.gather(x, selection, region.fromRow(), region.toRow(), scratch.inputs.get(unit.index()));
        }

        private void multiply(Unit unit) {
            PackedRows input = scratch.inputs.get(unit.index());
            PackedWeights fc1 = active.get(unit.index()).expert().fc1();
            kernels.multiply(input, fc1, unit.region(), Activation.RELU, scratch.hidden.get(unit.index()));
        }

        private void sum(Region ofY) {
            for (int i = 0; i < active.size(); i++) {
                GatedRows gated = active.get(i).rows();
                int from = gated.position(ofY.fromRow());
                int to = gated.position(ofY.toRow());
                if (from < to) {
                    Region region = new Region(from, to, ofY.fromPanel(), ofY.toPanel());
                    PackedWeights fc2 = active.get(i).expert().fc2();
                    kernels.multiply(scratch.hidden.get(i), fc2, region, Activation.IDENTITY, y.gatedSum(gated));
                }
            }
        }
    }
}
