package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertShape;
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
     * @param experts the experts, at least one, as wide in and out as each other; shared experts are experts that take all rows
     * @param gateOn whether gates multiply the outputs of the experts, or the rows that go in
     * @return {@code [x.rows, outputDim]}, of the element type of {@code x}
     * @throws IllegalArgumentException if there are no experts or not as many as rows, or if {@code x} is not as wide as their input or
     *     of another element type
     * @throws IndexOutOfBoundsException if an expert takes a row that {@code x} does not have
     */
    public Matrix forward(Matrix x, List<GatedRows> rows, List<PackedExpert> experts, GateOn gateOn) {
        new Problems()
                .expect(
                        rows.size() == experts.size(),
                        "rows",
                        "of " + rows.size() + " experts",
                        "of " + experts.size() + " experts")
                .expect(!experts.isEmpty(), "experts", 0, "at least 1")
                .throwIfAny();
        int outputs = experts.get(0).last().outputs();
        for (PackedExpert expert : experts) {
            new Problems()
                    .expectInput(x, expert.first().inputs(), expert.first().elementType())
                    .expect(
                            expert.last().outputs() == outputs,
                            "outputs of an expert",
                            expert.last().outputs(),
                            outputs + ", as the first expert has")
                    .throwIfAny();
        }
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), outputs);
        List<Active> active = new ArrayList<>();
        for (int e = 0; e < experts.size(); e++) {
            if (rows.get(e).count() > 0) {
                active.add(Active.of(experts.get(e), x, rows.get(e), gateOn));
            }
        }
        if (active.isEmpty()) {
            return y.toMatrix();
        }
        ThreadTeam worth = team.worth(products(active));
        memory.lend(x.elementType(), scratch -> new Pass(y, active, scratch, worth).run());
        return y.toMatrix();
    }

    private static long products(List<Active> active) {
        return active.stream()
                .mapToLong(one -> one.expert().productsOfRow() * one.rows().count())
                .sum();
    }

    /**
     * An expert that has rows.
     *
     * @param input the matrix that holds the rows that go in
     * @param selection which rows of that matrix these are
     * @param rows where the rows that come out belong, and what they are multiplied by
     */
    private record Active(PackedExpert expert, Matrix input, int[] selection, GatedRows rows) {
        static Active of(PackedExpert expert, Matrix x, GatedRows rows, GateOn gateOn) {
            if (gateOn == GateOn.OUTPUT) {
                return new Active(expert, x, rows.rows(), rows);
            }
            int[] all = new int[rows.count()];
            Arrays.setAll(all, i -> i);
            double[] ones = new double[rows.count()];
            Arrays.fill(ones, 1.0);
            return new Active(expert, GatedInput.of(x, rows), all, new GatedRows(rows.rows(), ones));
        }
    }

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
                PackedWeights first = active.get(i).expert().first();
                inputs.get(i).reset(active.get(i).rows().count(), first.inputs());
                hidden.get(i).reset(active.get(i).rows().count(), first.outputs());
            }
        }
    }

    /** One call. */
    private final class Pass {
        private final MatrixBuffer y;
        private final List<Active> active;
        private final Scratch scratch;
        private final ThreadTeam team;

        Pass(MatrixBuffer y, List<Active> active, Scratch scratch, ThreadTeam team) {
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
                int panels = active.get(i).expert().first().panels();
                cut(i, count, PRODUCT_ROWS, panels, panelsOfUnit(count, panels), products);
            }
            List<Unit> sums = new ArrayList<>();
            int panels = active.get(0).expert().last().panels();
            boolean enough = panels >= team.threads() * 2;
            cut(-1, y.rows(), enough ? y.rows() : PRODUCT_ROWS, panels, panelsOfUnit(y.rows(), panels), sums);
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
            Active one = active.get(unit.index());
            Region region = unit.region();
            PackedRows target = scratch.inputs.get(unit.index());
            kernels.gather(one.input(), one.selection(), region.fromRow(), region.toRow(), target);
        }

        private void multiply(Unit unit) {
            PackedRows input = scratch.inputs.get(unit.index());
            PackedRows hidden = scratch.hidden.get(unit.index());
            PackedExpert expert = active.get(unit.index()).expert();
            ExpertShape shape = expert.shape();
            if (shape.gating().isEmpty()) {
                kernels.multiply(input, expert.first(), unit.region(), shape.activation(), hidden);
            } else {
                PackedWeights up = expert.matrices().get(1);
                kernels.multiplyGated(
                        input, expert.first(), up, unit.region(), shape.gating().get(), hidden);
            }
        }

        private void sum(Region ofY) {
            for (int i = 0; i < active.size(); i++) {
                GatedRows gated = active.get(i).rows();
                int from = gated.position(ofY.fromRow());
                int to = gated.position(ofY.toRow());
                if (from < to) {
                    Region region = new Region(from, to, ofY.fromPanel(), ofY.toPanel());
                    PackedWeights last = active.get(i).expert().last();
                    kernels.multiply(scratch.hidden.get(i), last, region, Activation.IDENTITY, y.gatedSum(gated));
                }
            }
        }
    }
}
