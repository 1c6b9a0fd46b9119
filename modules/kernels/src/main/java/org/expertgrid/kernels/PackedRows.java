package org.expertgrid.kernels;

/**
 * The left side of a product in the order in which one kernel reads it: filled by {@link Kernels#gather} from a matrix,
 * or as the {@link Target} of another product. A working memory that is meant to be used again: {@link #reset} gives it
 * a new shape and keeps its memory where that is large enough.
 *
 * <p>Threads may fill different rows, or read, at the same time; filling and reading must not overlap.
 */
public abstract non-sealed class PackedRows extends Target {
    /** For kernels. Protected only because rooms are apart. */
    protected PackedRows() {}

    /**
     * Gives this the shape {@code [rows, width]}; what it held is lost. Allocates only where it never had that size; products with weights that narrow
     * rows allocate the codes of the rows, too. Until all rows are filled, what is read from it is undefined.
     *
     * @throws IllegalArgumentException if one is negative, or both together are more than a Java array can hold
     */
    public abstract void reset(int rows, int width);

    /** Returns the name of the kernels that made it and that alone can use it. */
    public abstract String kernels();

    /** Returns what the rows hold. */
    @Override
    public abstract ElementType elementType();

    /** Returns how many rows there are. */
    @Override
    public abstract int rows();

    /** Returns the width of the rows. */
    @Override
    public abstract int columns();
}
