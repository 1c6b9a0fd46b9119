package org.expertgrid.kernels;

/**
 * One weight {@code [in, out]} and its bias {@code [out]} in the order in which one kernel reads them: column panels,
 * each of which can be multiplied alone. Made once by {@link Kernels#pack}, immutable, safe for use by many threads.
 */
public interface PackedWeights {
    /** Returns the name of the kernels that packed them and that alone can use them. */
    String kernels();

    /** Returns what they hold, and what rows must hold that are multiplied with them. */
    ElementType elementType();

    /** Returns the number of inputs, which is the width of the rows that can be multiplied. */
    int inputs();

    /** Returns the number of outputs, which is the width of the product. */
    int outputs();

    /** Returns the number of column panels; zero where there are no outputs. */
    int panels();

    /** Returns the memory that the packed copy holds, padding included, in bytes. */
    long bytes();
}
