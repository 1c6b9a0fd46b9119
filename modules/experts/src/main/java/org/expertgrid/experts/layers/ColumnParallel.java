package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;

/**
 * Multiplies a batch by column slices of a linear layer, all threads of a team sharing the work, and puts the products side by
 * side: what a member does with the ranks that it holds.
 *
 * <p>Working memory is kept from call to call. Safe for use by many threads.
 */
public final class ColumnParallel {
    private static final int ROWS_OF_UNIT = 96;

    private final Kernels kernels;
    private final ThreadTeam team;
    private final WorkingMemory<PackedRows> memory;

    /** Computes with these kernels on the threads of this team. */
    public ColumnParallel(Kernels kernels, ThreadTeam team) {
        this.kernels = kernels;
        this.team = team;
        this.memory = new WorkingMemory<>(kernels::rows);
    }

    private record Unit(PackedWeights slice, int column, Region region) {}

    /**
     * Returns {@code x W + b} for each slice, the first slice's columns first.
     *
     * @param x {@code [any, in]}
     * @param slices weights {@code [in, any]}, there may be none
     * @return {@code [x.rows, outputs of all slices]}, of the element type of {@code x}
     * @throws IllegalArgumentException if {@code x} is not as wide as the slices' input or of another element type
     */
    public Matrix forward(Matrix x, List<PackedWeights> slices) {
        for (PackedWeights slice : slices) {
            new Problems().expectInput(x, slice.inputs(), slice.elementType()).throwIfAny();
        }
        int width = slices.stream().mapToInt(PackedWeights::outputs).sum();
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), width);
        if (x.rows() > 0) {
            memory.lend(x.elementType(), rows -> multiply(x, slices, width, rows, y));
        }
        return y.toMatrix();
    }

    private void multiply(Matrix x, List<PackedWeights> slices, int width, PackedRows rows, MatrixBuffer y) {
        rows.reset(x.rows(), x.columns());
        int[] all = new int[x.rows()];
        Arrays.setAll(all, i -> i);
        int gathers = (x.rows() + ROWS_OF_UNIT - 1) / ROWS_OF_UNIT;
        List<Unit> units = units(x.rows(), slices);
        team.worth((long) x.rows() * x.columns() * width)
                .run(
                        new ThreadTeam.Stage(gathers, unit -> {
                            int from = unit * ROWS_OF_UNIT;
                            kernels.gather(x, all, from, Math.min(from + ROWS_OF_UNIT, x.rows()), rows);
                        }),
                        new ThreadTeam.Stage(units.size(), unit -> multiply(rows, units.get(unit), y)));
    }

    private static List<Unit> units(int rows, List<PackedWeights> slices) {
        List<Unit> units = new ArrayList<>();
        int column = 0;
        for (PackedWeights slice : slices) {
            int step = Math.max(1, slice.panels() / 2);
            for (int panel = 0; panel < slice.panels(); panel += step) {
                for (int row = 0; row < rows; row += ROWS_OF_UNIT) {
                    int toPanel = Math.min(panel + step, slice.panels());
                    int toRow = Math.min(row + ROWS_OF_UNIT, rows);
                    units.add(new Unit(slice, column, new Region(row, toRow, panel, toPanel)));
                }
            }
            column += slice.outputs();
        }
        return units;
    }

    private void multiply(PackedRows rows, Unit unit, MatrixBuffer y) {
        kernels.multiply(
                rows,
                unit.slice(),
                unit.region(),
                Activation.IDENTITY,
                y.store(unit.column(), unit.slice().outputs()));
    }
}
