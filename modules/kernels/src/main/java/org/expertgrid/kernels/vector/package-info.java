/**
 * Kernels of vector instructions. This is the only room that uses the module {@code jdk.incubator.vector}.
 *
 * <pre>
 *   InterleavedRows x tile ---> VectorDoubles or VectorFloats: which rows and panels together
 *                                     |
 *                                     v
 *                               DoubleTiles or FloatTiles: the loop over k, all sums in registers
 *                                     ^
 *   narrow formats ---> Widening -----+
 * </pre>
 *
 * {@code VectorObstacles} names what keeps a process from using them. It does not touch the module.
 */
package org.expertgrid.kernels.vector;
