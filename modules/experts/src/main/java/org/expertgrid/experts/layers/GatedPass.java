package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.expertgrid.experts.ranks.RankTree.Subtree;
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
 * One call of {@link GatedExperts}. It has three stages however many ranks and experts there are, and all threads of the team share the
 * units of each:
 *
 * <pre>
 *   gather   x rows of expert e -----------------------> packed rows        a unit: some rows of one expert
 *   first    activation(packed rows x fc1 + b) --------> hidden rows        a unit: some rows, some columns of one rank's part
 *   last     gate * (hidden rows x fc2 + b) -----------> y, added           a unit: some rows, some columns of a subtree's y
 * </pre>
 *
 * A unit of the last stage owns its part of y and takes ranks and experts in their fixed order: no two threads write one element, and the
 * order of the sum never depends on the threads. Because units are parts of experts and not whole ones, an expert that most rows go to
 * leaves no core idle.
 *
 * <p>For one thread to run once.
 */
final class GatedPass {
    private static final int GATHERED_ROWS = 96;
    private static final int PRODUCT_ROWS = 240;
    /** Enough units that the last ones to end leave little time in which other threads have none. */
    private static final int UNITS_PER_THREAD = 8;
    /** So few rows wait for the weights; kernels then read up to so many panels side by side, if a unit has them. */
    private static final int FEW_ROWS = 16;

    private static final int PANELS_SIDE_BY_SIDE = 8;
    /** Some five microseconds of work, which is several times what a call of the kernels costs beside. */
    private static final int PRODUCTS_OF_CALL = 1 << 16;

    private final Kernels kernels;
    private final ThreadTeam team;
    private final Scratch scratch;
    private final List<Active> active;
    private final List<Subtree> subtrees;
    private final List<MatrixBuffer> sums;
    private final List<List<PackedRows>> hidden = new ArrayList<>();
    private final List<List<MatrixBuffer>> levels = new ArrayList<>();

    /** Takes where the sum of each subtree goes: zeros, as high as {@code x}. */
    GatedPass(
            Kernels kernels,
            ThreadTeam team,
            Scratch scratch,
            Matrix x,
            List<ExpertRows> experts,
            GateOn gateOn,
            List<Subtree> subtrees,
            List<MatrixBuffer> sums) {
        this.kernels = kernels;
        this.team = team;
        this.scratch = scratch;
        this.active =
                experts.stream().map(expert -> Active.of(expert, x, gateOn)).toList();
        this.subtrees = subtrees;
        this.sums = sums;
    }

    /**
     * An expert that has rows.
     *
     * @param input the matrix that holds the rows that go in
     * @param selection which rows of that matrix these are
     * @param rows where the rows that come out belong, and what they are multiplied by
     */
    private record Active(List<PackedExpert> parts, Matrix input, int[] selection, GatedRows rows) {
        static Active of(ExpertRows expert, Matrix x, GateOn gateOn) {
            GatedRows rows = expert.rows();
            if (gateOn == GateOn.OUTPUT) {
                return new Active(expert.parts(), x, rows.rows(), rows);
            }
            int[] all = new int[rows.count()];
            Arrays.setAll(all, i -> i);
            return new Active(expert.parts(), gateOn.input(x, rows), all, gateOn.output(rows));
        }
    }

    /**
     * A part of one product.
     *
     * @param expert the place of an expert among those that have rows, -1 for all of them
     * @param part the place of a rank among those of the call; in the last stage, of a subtree
     */
    private record Unit(int expert, int part, Region region) {}

    void run() {
        scratch.begin();
        List<PackedRows> inputs = new ArrayList<>();
        List<Unit> gathers = new ArrayList<>();
        List<Unit> products = new ArrayList<>();
        for (int e = 0; e < active.size(); e++) {
            Active one = active.get(e);
            int count = one.rows().count();
            inputs.add(scratch.rows(count, one.input().columns()));
            cut(e, 0, count, GATHERED_ROWS, 1, 1, gathers);
            List<PackedRows> ofExpert = new ArrayList<>();
            for (int part = 0; part < one.parts().size(); part++) {
                PackedWeights first = one.parts().get(part).first();
                ofExpert.add(scratch.rows(count, first.outputs()));
                int ofUnit =
                        panelsOfUnit(count, first, active.size() * one.parts().size());
                cut(e, part, count, PRODUCT_ROWS, first.panels(), ofUnit, products);
            }
            hidden.add(ofExpert);
        }
        List<Unit> lasts = new ArrayList<>();
        PackedWeights last = active.get(0).parts().get(0).last();
        int panels = last.panels();
        for (int subtree = 0; subtree < subtrees.size(); subtree++) {
            int rows = sums.get(subtree).rows();
            boolean enough = panels >= team.threads() * 2;
            int ofUnit = panelsOfUnit(rows, last, subtrees.size());
            cut(-1, subtree, rows, enough ? rows : PRODUCT_ROWS, panels, ofUnit, lasts);
            levels.add(levels(subtree));
        }
        team.run(
                new ThreadTeam.Stage(gathers.size(), unit -> gather(gathers.get(unit), inputs)),
                new ThreadTeam.Stage(products.size(), unit -> multiply(products.get(unit), inputs)),
                new ThreadTeam.Stage(lasts.size(), unit -> sum(lasts.get(unit))));
    }

    /** Returns the memory for the sums at each depth of a subtree, its result first. */
    private List<MatrixBuffer> levels(int subtree) {
        MatrixBuffer result = sums.get(subtree);
        List<MatrixBuffer> ofSubtree = new ArrayList<>(List.of(result));
        for (Subtree down = subtrees.get(subtree); !down.isLeaf(); down = down.left()) {
            ofSubtree.add(scratch.sums(result.rows(), result.columns()));
        }
        return ofSubtree;
    }

    /**
     * Returns how many panels a unit has.
     *
     * @param weights those of one product
     * @param products how many products like that a stage has
     */
    private int panelsOfUnit(int rows, PackedWeights weights, int products) {
        int threads = team.threads();
        int ofUnit = Math.max(2, weights.panels() / (UNITS_PER_THREAD * threads) / 2 * 2);
        if (rows > FEW_ROWS) {
            return ofUnit;
        }
        long ofPanel = Math.max(1, (long) rows * weights.inputs() * weights.panelWidth());
        long worthACall = Math.max(PANELS_SIDE_BY_SIDE, PRODUCTS_OF_CALL / ofPanel);
        long shared = threads == 1 ? weights.panels() : (long) weights.panels() * products / (2 * threads);
        return (int) Math.max(ofUnit, Math.min(worthACall, Math.min(shared, weights.panels())));
    }

    private static void cut(int expert, int part, int rows, int rowStep, int panels, int panelStep, List<Unit> units) {
        for (int panel = 0; panel < panels; panel += panelStep) {
            int toPanel = Math.min(panel + panelStep, panels);
            for (int row = 0; row < rows; row += rowStep) {
                units.add(new Unit(expert, part, new Region(row, Math.min(row + rowStep, rows), panel, toPanel)));
            }
        }
    }

    private void gather(Unit unit, List<PackedRows> inputs) {
        Active one = active.get(unit.expert());
        Region region = unit.region();
        kernels.gather(one.input(), one.selection(), region.fromRow(), region.toRow(), inputs.get(unit.expert()));
    }

    private void multiply(Unit unit, List<PackedRows> inputs) {
        PackedRows input = inputs.get(unit.expert());
        PackedRows target = hidden.get(unit.expert()).get(unit.part());
        PackedExpert part = active.get(unit.expert()).parts().get(unit.part());
        ExpertShape shape = part.shape();
        if (shape.gating().isEmpty()) {
            kernels.multiply(input, part.first(), unit.region(), shape.activation(), target);
        } else {
            PackedWeights up = part.matrices().get(1);
            kernels.multiplyGated(
                    input, part.first(), up, unit.region(), shape.gating().get(), target);
        }
    }

    private void sum(Unit unit) {
        int firstPart = 0;
        for (Subtree before : subtrees.subList(0, unit.part())) {
            firstPart += before.to() - before.from();
        }
        Subtree subtree = subtrees.get(unit.part());
        sum(subtree, firstPart - subtree.from(), levels.get(unit.part()), unit.region());
    }

    /**
     * Adds the shares of a subtree's ranks into the first of {@code levels}; the others are for the right halves.
     *
     * @param shift the place of a rank's part among the parts, less the rank's number
     */
    private void sum(Subtree subtree, int shift, List<MatrixBuffer> levels, Region region) {
        int width = active.get(0).parts().get(0).last().panelWidth();
        int fromColumn = region.fromPanel() * width;
        int toColumn = Math.min(region.toPanel() * width, levels.get(0).columns());
        if (subtree.isLeaf()) {
            levels.get(0).clear(region.fromRow(), region.toRow(), fromColumn, toColumn);
            share(subtree.from() + shift, levels.get(0), region);
            return;
        }
        List<MatrixBuffer> below = levels.subList(1, levels.size());
        sum(subtree.left(), shift, levels, region);
        sum(subtree.right(), shift, below, region);
        levels.get(0).add(below.get(0), region.fromRow(), region.toRow(), fromColumn, toColumn);
    }

    /** Adds one rank's share, expert by expert. */
    private void share(int part, MatrixBuffer y, Region ofY) {
        for (int e = 0; e < active.size(); e++) {
            GatedRows gated = active.get(e).rows();
            int from = gated.position(ofY.fromRow());
            int to = gated.position(ofY.toRow());
            if (from < to) {
                Region region = new Region(from, to, ofY.fromPanel(), ofY.toPanel());
                PackedWeights last = active.get(e).parts().get(part).last();
                kernels.multiply(hidden.get(e).get(part), last, region, Activation.IDENTITY, y.gatedSum(gated));
            }
        }
    }

    /** The memory between the stages. For one call at a time. */
    static final class Scratch {
        private final Kernels kernels;
        private final ElementType elementType;
        private final List<PackedRows> rows = new ArrayList<>();
        private final List<MatrixBuffer> sums = new ArrayList<>();
        private int rowsInUse;
        private int sumsInUse;

        Scratch(Kernels kernels, ElementType elementType) {
            this.kernels = kernels;
            this.elementType = elementType;
        }

        private void begin() {
            rowsInUse = 0;
            sumsInUse = 0;
        }

        private PackedRows rows(int count, int width) {
            if (rowsInUse == rows.size()) {
                rows.add(kernels.rows(elementType));
            }
            PackedRows next = rows.get(rowsInUse++);
            next.reset(count, width);
            return next;
        }

        /** Returns a buffer of that width and at least so many rows, which may hold anything. */
        private MatrixBuffer sums(int count, int width) {
            if (sumsInUse == sums.size()) {
                sums.add(MatrixBuffer.allocate(elementType, count, width));
            }
            MatrixBuffer next = sums.get(sumsInUse);
            if (next.rows() < count || next.columns() != width) {
                next = MatrixBuffer.allocate(elementType, count, width);
                sums.set(sumsInUse, next);
            }
            sumsInUse++;
            return next;
        }
    }
}
