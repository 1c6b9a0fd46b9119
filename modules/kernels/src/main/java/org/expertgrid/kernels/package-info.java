/**
 * Dense matrices, weights in any stored format, and the product that everything rests on.
 *
 * <p>A layer multiplies the same weights with ever new rows. So a weight is brought once into the order in which kernels
 * read it ({@link org.expertgrid.kernels.PackedWeights}), and rows are brought into theirs on their way
 * ({@link org.expertgrid.kernels.PackedRows}), by being gathered from a batch or by being the result of the product before.
 * Bias, activation, gate, and the place in the result belong to the product itself, so nothing is written twice.
 *
 * <pre>
 *   checkpoint, Matrix, Narrowing
 *           |
 *           v
 *   WeightMatrix: a view, in a WeightFormat      Matrix x
 *           |                                       |
 *           | pack: once, where a model             | gather: the rows of one expert
 *           |       is deployed                     |
 *           v                                       v
 *   PackedWeights: a list of WeightTile         PackedRows
 *           |                                       |
 *           +------------- multiply, by Region -----+
 *                               |
 *                               v
 *                            Target:  PackedRows               the next product reads it
 *                                     MatrixBuffer.store       columns of a result
 *                                     MatrixBuffer.gatedSum    gate times row, added to the row it came from
 * </pre>
 *
 * <p>{@link org.expertgrid.kernels.Kernels} is the only seam. The rooms below this one implement it, and each room uses only
 * rooms to its left:
 *
 * <pre>
 *   kernels  &lt;-  packed  &lt;-  vector, plain, ojalgo  &lt;-  choice
 * </pre>
 *
 * <ul>
 *   <li>{@code vector}: the vector instructions of the processor; needs {@code --add-modules jdk.incubator.vector};
 *   <li>{@code plain}: loops that the JIT compiler vectorises, anywhere;
 *   <li>{@code ojalgo}: ojAlgo's multiplication, to check the others by.
 * </ul>
 *
 * <p>All kernels read the one packed layout ({@link org.expertgrid.kernels.TileLayout}), whatever the processor and the JDK.
 * An element of a product is one sum over k in ascending order, whatever is computed beside it and by however many
 * threads; with W8A8 and W4A8 it is one sum over the groups of inputs. {@code vector} and {@code plain} fuse each multiplication with its addition, and give the same bits as each
 * other; {@code ojalgo} rounds twice.
 *
 * <p>No thread is started here and no state is kept between calls; memory that is used again is passed in.
 */
package org.expertgrid.kernels;
