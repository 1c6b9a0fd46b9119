/**
 * What several kernels need to compute on packed tiles: rows one after the other, the loop over tiles, and panels of narrow
 * formats widened to float32.
 *
 * <pre>
 *   RowMajorRows --+
 *                  +--> TileProduct: for each tile of the weights, for each panel ---> the loops of one kernel ---> Target
 *   WeightTile ----+         |
 *                      WidenedPanels: a narrow panel as float32, in working memory of one call
 * </pre>
 */
package org.expertgrid.kernels.packed;
