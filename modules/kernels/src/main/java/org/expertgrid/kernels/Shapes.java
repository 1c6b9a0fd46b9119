package org.expertgrid.kernels;

/**
 * The checks that every matrix and product makes of its numbers, and the sentences they fail with. Public only because
 * rooms are apart.
 */
public final class Shapes {
    private Shapes() {}

    /** Returns a number that must not be negative. */
    public static int notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    static int equal(String name, int value, String expectedName, int expected) {
        if (value != expected) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + expectedName + " " + expected + ")");
        }
        return value;
    }

    static void range(String name, int from, int to, int limit) {
        if (from < 0 || from > to || to > limit) {
            throw new IndexOutOfBoundsException(
                    name + ": from " + from + " to " + to + " (expected: within 0 to " + limit + ")");
        }
    }

    /** Returns {@code rows * columns}, which must be what a Java array can hold. */
    public static int elements(int rows, int columns) {
        notNegative("rows", rows);
        notNegative("columns", columns);
        long elements = (long) rows * columns;
        if (elements > Matrix.MOST_ELEMENTS) {
            throw new IllegalArgumentException("rows x columns: " + rows + " x " + columns + " (expected: at most "
                    + Matrix.MOST_ELEMENTS + " elements, a Java array's length)");
        }
        return (int) elements;
    }

    static void sameType(String name, ElementType type, ElementType expected) {
        if (type != expected) {
            throw new IllegalArgumentException(name + ": " + type + " (expected: " + expected + ", see Matrix.to)");
        }
    }

    /** Checks what {@link PackedWeights#pack} was given; a bias that is null is none. */
    static void weight(WeightMatrix weight, Matrix bias) {
        if (bias == null) {
            return;
        }
        sameType("bias", bias.elementType(), weight.format().computedIn());
        equal("rows of the bias", bias.rows(), "one row,", 1);
        equal("columns of the bias", bias.columns(), "columns of the weight", weight.columns());
    }

    /** Checks what {@link Kernels#gather} was given. */
    public static void gather(String kernels, Matrix x, int[] selection, int from, int to, PackedRows target) {
        sameKernels("target", target.kernels(), kernels);
        sameType("target", target.elementType(), x.elementType());
        equal("width of the target", target.columns(), "columns of x", x.columns());
        range("rows of the target", from, to, target.rows());
        range("selection", from, to, selection.length);
        for (int i = from; i < to; i++) {
            range("row of x", selection[i], selection[i] + 1, x.rows());
        }
    }

    /** Checks what {@link Kernels#multiply(PackedRows, PackedWeights, Region, Activation, Target)} was given. */
    public static void product(String kernels, PackedRows rows, PackedWeights weights, Region region, Target target) {
        sameKernels("rows", rows.kernels(), kernels);
        sameType("rows", rows.elementType(), weights.elementType());
        sameType("target", target.elementType(), weights.elementType());
        equal("width of the rows", rows.columns(), "inputs of the weights", weights.inputs());
        equal("rows of the target", target.rows(), "rows", rows.rows());
        equal("columns of the target", target.columns(), "outputs of the weights", weights.outputs());
        range("rows of the region", region.fromRow(), region.toRow(), rows.rows());
        range("panels of the region", region.fromPanel(), region.toPanel(), weights.panels());
        if (target == rows) {
            throw new IllegalArgumentException("target: the rows that are multiplied (expected: another memory)");
        }
    }

    private static void sameKernels(String name, String kernels, String expected) {
        if (!kernels.equals(expected)) {
            throw new IllegalArgumentException(
                    name + ": of the kernels " + kernels + " (expected: of " + expected + ", which multiplies)");
        }
    }
}
