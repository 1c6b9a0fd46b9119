/**
 * The product in vector instructions. This room and those in it are the only ones that use the module {@code jdk.incubator.vector}.
 *
 * <pre>
 *   stored as         rows        who decides the order      the loops
 *   FLOAT64           any         wide.VectorDoubles         wide.DoubleTiles
 *   FLOAT32           any         wide.VectorFloats          wide.FloatTiles
 *   narrower          few         narrow.NarrowProduct       narrow.NarrowRow and others: widen in registers
 *   narrower          many        narrow.WideningFloats      narrow.Widening into the nearest caches, then wide.FloatTiles
 *   W8A8, W4A8        many        narrow.WideningFloats      narrow.GroupTiles in place of wide.FloatTiles
 * </pre>
 *
 * <p>A vector in code that is not compiled is an object. Until the JVM has compiled them ({@code CompiledProducts}), small products are in the plain loops
 * of {@link org.expertgrid.kernels.plain.PlainKernels}, with the same bits.
 *
 * <p>Loops never pass a vector to a method of this room: where the compiler does not inline such a method, it makes an object of
 * each vector. {@link org.expertgrid.kernels.vector.VectorObstacles} says whether a JVM can run them.
 */
package org.expertgrid.kernels.vector;
