/**
 * Dense matrices, and the product that everything rests on.
 *
 * <p>A layer multiplies the same weights with ever new rows. So a weight is brought once into the order in which a kernel
 * reads it ({@link org.expertgrid.kernels.PackedWeights}), and rows are brought into it on their way
 * ({@link org.expertgrid.kernels.PackedRows}), by being gathered from a batch or by being the result of the product before.
 * Nothing is written twice: bias, activation, gate, and the place in the result belong to the product itself.
 *
 * <pre>
 *   Matrix x                                         Matrix weight, bias
 *      |                                                    |
 *      | gather: the rows of one expert                     | pack: once
 *      v                                                    v
 *   PackedRows  -------- multiply, by Region -------  PackedWeights
 *                              |
 *                              v
 *                           Target:  PackedRows               the next product reads it
 *                                    MatrixBuffer.store       columns of a result
 *                                    MatrixBuffer.gatedSum    gate times row, added to the row it came from
 * </pre>
 *
 * <p>{@link org.expertgrid.kernels.Kernels} is the only seam. Behind it are three of them, of which
 * {@link org.expertgrid.kernels.Kernels#best} chooses one for the process:
 *
 * <ul>
 *   <li>{@code vector}: the vector instructions of the processor; needs {@code --add-modules jdk.incubator.vector};
 *   <li>{@code plain}: loops that the JIT compiler vectorises, about half as fast, anywhere;
 *   <li>{@code ojalgo}: ojAlgo's multiplication, to check the others by.
 * </ul>
 *
 * <p>An element of a product is one sum over k in ascending order, whatever is computed beside it and by however many
 * threads. {@code vector} and {@code plain} fuse each multiplication with its addition, and give the same bits as each
 * other; {@code ojalgo} rounds twice.
 *
 * <p>No thread is started here and no state is kept between calls; memory that is used again is passed in.
 */
package org.expertgrid.kernels;
