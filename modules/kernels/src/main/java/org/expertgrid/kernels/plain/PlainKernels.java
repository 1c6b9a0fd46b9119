package org.expertgrid.kernels.plain;

import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;
import org.expertgrid.kernels.RowLoops;
import org.expertgrid.kernels.Shapes;
import org.expertgrid.kernels.Target;
import org.expertgrid.kernels.packed.FusedMultiplyAdd;
import org.expertgrid.kernels.packed.RowMajorRows;
import org.expertgrid.kernels.packed.TileProduct;

/**
 * Java loops that the JIT compiler vectorises by itself, on any JDK and without any module. Public only because rooms are
 * apart.
 *
 * <p>Each element is one sum over k from the first to the last, as in the kernels {@code vector} and with the same bits. The
 * loops run over columns and are in {@link PlainDoubles}, {@link PlainFloats} and {@link PlainNarrowedRows}; their bodies are as large as the
 * compiler of JDK 17 still vectorises (a body one step larger runs at a third of the speed), and each
 * operand is an array of its own, because it does not vectorise over two places of one array. A row of a packed panel is too
 * short for such a loop, so some panels are widened into long rows first. One row alone does not make up for that: its sums are kept
 * in registers, a few columns at a time.
 */
public final class PlainKernels implements Kernels {
    /** The name that {@link #name} returns. */
    public static final String NAME = "plain";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return NAME + (FusedMultiplyAdd.FAST ? ", fused multiply-add" : ", multiply and add");
    }

    @Override
    public PackedRows rows(ElementType type) {
        return new RowMajorRows(NAME, type);
    }

    @Override
    public void gather(Matrix x, int[] selection, int from, int to, PackedRows target) {
        Shapes.gather(NAME, x, selection, from, to, target);
        ((RowMajorRows) target).gather(x, selection, from, to);
    }

    @Override
    public void multiply(PackedRows rows, PackedWeights weights, Region region, Activation activation, Target target) {
        Shapes.product(NAME, rows, weights, region, target);
        for (TileProduct product : TileProduct.of(weights, region, activation, target, RowLoops.PLAIN)) {
            RowMajorRows left = (RowMajorRows) rows;
            if (weights.format().narrowsRows()) {
                new PlainNarrowedRows(left, product).multiply();
                continue;
            }
            switch (weights.elementType()) {
                case FLOAT64 -> new PlainDoubles(left, product).multiply();
                case FLOAT32 -> new PlainFloats(left, product).multiply();
            }
        }
    }
}
