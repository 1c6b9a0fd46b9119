/**
 * The product in vector instructions. This is the only room that uses the module {@code jdk.incubator.vector}.
 *
 * <pre>
 *   stored as         rows        who decides the order      the loops
 *   FLOAT64           any         VectorDoubles              DoubleTiles
 *   FLOAT32           any         VectorFloats               FloatTiles
 *   narrower          few         NarrowProduct              NarrowRow, FullWordsRow: widen in registers
 *   narrower          many        WideningFloats             Widening into the nearest caches, then FloatTiles
 * </pre>
 *
 * <p>Loops never pass a vector to a method of this room: where the compiler does not inline such a method, it makes an object of
 * each vector. {@link org.expertgrid.kernels.vector.VectorObstacles} says whether a JVM can run them.
 */
package org.expertgrid.kernels.vector;
