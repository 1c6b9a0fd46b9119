/**
 * The work with packed weights and rows that all kernels do in the same way.
 *
 * <pre>
 *   PackedWeights, Region, Target --TileProduct.of--> one TileProduct for each tile of the region
 *   words of a panel              --WidenedPanels---> numbers
 *   a row for W8A8 or W4A8        --RowNarrowing----> integers of 8 bits, and scales
 *   sums of a kernel              --finish----------> bias, activation, Target
 * </pre>
 *
 * <p>{@link org.expertgrid.kernels.packed.RowMajorRows} are the rows of the kernels {@code plain} and {@code ojalgo}. The classes are
 * public only because rooms are apart.
 */
package org.expertgrid.kernels.packed;
