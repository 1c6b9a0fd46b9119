/**
 * Products with weights of float64 and float32, in tiles of some rows by some vectors of columns.
 *
 * <pre>
 *   VectorDoubles, VectorFloats   which tiles there are, in which order
 *   DoubleTiles, FloatTiles       the loops over a tile
 *   InterleavedRows, Pairs        how rows and columns lie in memory
 *   NarrowedRows, NarrowedRow     rows of 8 bits, for products with W8A8 and W4A8
 * </pre>
 */
package org.expertgrid.kernels.vector.wide;
