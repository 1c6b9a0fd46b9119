package org.expertgrid.kernels.vector;

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
import org.expertgrid.kernels.packed.TileProduct;
import org.expertgrid.kernels.plain.PlainKernels;
import org.expertgrid.kernels.vector.narrow.NarrowProduct;
import org.expertgrid.kernels.vector.narrow.WideningFloats;
import org.expertgrid.kernels.vector.wide.FloatTiles;
import org.expertgrid.kernels.vector.wide.InterleavedRows;
import org.expertgrid.kernels.vector.wide.Pairs;
import org.expertgrid.kernels.vector.wide.VectorDoubles;
import org.expertgrid.kernels.vector.wide.VectorFloats;

/**
 * The product in the vector instructions of the processor, by {@code jdk.incubator.vector}; not to be touched where that
 * module is missing. Public only because rooms are apart.
 *
 * <h2>Shape</h2>
 *
 * <pre>
 *                        pair p              pair p + 1
 *                   [ left | right ]     [ left | right ]     one row k of the weights: two vectors a pair
 *   x0 k, x0 k ..     l0     r0
 *   x1 k, x1 k ..     l1     r1           a tile: one register for each vector of sums,
 *   ..                ..     ..           which stays in it from the first k to the last
 * </pre>
 *
 * Vectors of columns are taken in {@link Pairs}, rows lie in groups of four ({@link InterleavedRows}), so
 * that both are read from the front to the back. In each step over k a tile reads one row of a pair, and multiplies
 * it with one number of each of its rows, repeated in all lanes. Eight rows by one pair, sixteen sums, keep the multipliers busy while
 * they read little; with the loads that the compiler moves ahead they fit into 32 registers, which twelve rows do not.
 * Where there are 16 registers, four rows by one pair do as well. A panel that comes from memory and not from a cache is
 * waited for, and several streams are waited for together: so few rows take two pairs at once, and one row takes four.
 *
 * <p>Weights of a narrow format are widened to float32 first, a block of inputs of some panels at a time, which stays in the
 * nearest caches ({@link WideningFloats}).
 *
 * <h2>Order of additions</h2>
 *
 * Each sum begins with zero and takes one fused multiply-add for each k, from the first to the last; then comes the
 * bias. Nothing is added across lanes, so all tiles give the same bits, and those of a plain loop over {@link Math#fma}.
 *
 * <h2>Edges</h2>
 *
 * There are no masks: a group of rows and a panel of columns are filled up with zeros, computed with the rest, and not
 * used. A NaN in a row meets the zeros of a panel, but only in a column that is not used.
 *
 * <p>The bias, the activation, and the target have no part in the loops ({@code FloatTiles}, {@code DoubleTiles}). Each of these
 * methods is more than 325 bytes of bytecode, and so is not inlined: with two of them in one method, C2 was seen to make an
 * object of a vector in each step.
 */
public final class VectorKernels implements Kernels {
    /** The name that {@link #name} returns. */
    public static final String NAME = InterleavedRows.KERNELS;

    private static final RowLoops LOOPS = new VectorRowLoops();

    private static final int BITS = FloatTiles.LANES * Float.SIZE;

    /** With so many multiplications, a call for a region is in vectors before the JVM has compiled them. */
    private static final long LEAST_IN_VECTORS = 1 << 18;

    private static final Kernels PLAIN = new PlainKernels();

    /** Null where all products are in vectors. */
    private final CompiledProducts compiled;

    /** Returns kernels whose products are all in vectors, also the first ones, which take very long. */
    public VectorKernels() {
        this(null);
    }

    VectorKernels(CompiledProducts compiled) {
        this.compiled = compiled;
    }

    /** Returns kernels whose small products are in plain loops, with the same bits, until the JVM has compiled those in vectors. */
    public static VectorKernels plainUntilCompiled() {
        return new VectorKernels(new CompiledProducts(new VectorKernels(), PLAIN));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return NAME + ", " + BITS + " bits";
    }

    @Override
    public RowLoops rowLoops() {
        return LOOPS;
    }

    @Override
    public PackedRows rows(ElementType type) {
        return new InterleavedRows(type);
    }

    @Override
    public void gather(Matrix x, int[] selection, int from, int to, PackedRows target) {
        Shapes.gather(NAME, x, selection, from, to, target);
        ((InterleavedRows) target).gather(x, selection, from, to);
    }

    @Override
    public void multiply(PackedRows rows, PackedWeights weights, Region region, Activation activation, Target target) {
        Shapes.product(NAME, rows, weights, region, target);
        InterleavedRows left = (InterleavedRows) rows;
        int count = region.toRow() - region.fromRow();
        if (compiled != null && isSmall(left, region, weights) && !compiled.has(weights.format(), count)) {
            PackedRows copied = left.rowMajor(PLAIN.name(), region.fromRow(), region.toRow());
            PLAIN.multiply(copied, weights, region, activation, target);
            return;
        }
        for (TileProduct product : TileProduct.of(weights, region, activation, target, LOOPS)) {
            switch (weights.format()) {
                case FLOAT64 -> new VectorDoubles(left, product).multiply();
                case FLOAT32 -> new VectorFloats(left, product).multiply();
                default -> multiplyNarrow(left, product);
            }
        }
    }

    /** A large region runs long enough to be compiled on the way, and would take long in plain loops, for which the rows are copied. */
    private static boolean isSmall(InterleavedRows rows, Region region, PackedWeights weights) {
        long columns = (long) (region.toPanel() - region.fromPanel()) * weights.panelWidth();
        return columns * weights.inputs() * (region.toRow() - region.fromRow()) < LEAST_IN_VECTORS
                && (long) rows.rows() * rows.columns() < LEAST_IN_VECTORS;
    }

    private static void multiplyNarrow(InterleavedRows rows, TileProduct product) {
        int count = product.region().toRow() - product.region().fromRow();
        if (NarrowProduct.has(product.weights().layout(), count)) {
            new NarrowProduct(rows, product).multiply();
        } else {
            new WideningFloats(rows, product).multiply();
        }
    }
}
