/**
 * Products with weights of fewer bits, which are widened to float32 on the way.
 *
 * <pre>
 *   few rows     NarrowProduct     widens in registers, again for each row
 *   many rows    WideningFloats    widens blocks into the nearest caches, and multiplies them as float32 (FloatTiles, GroupTiles)
 *
 *   the loops of NarrowProduct                   are those of
 *   words with places that are empty             NarrowRow
 *   full words, vectors of 256 bits              FourPanelsRow, FourPanelsIntegersRow, FourPanelsSmallFloatsRow
 *   full words, codes of four bits in a table    LookedUpRow, LookedUpMagnitudesRow
 *   full words otherwise                         FullWordsRow, SmallFloatsRow
 *   full words, JDKs before 21                   ShortLoopsRow
 *   full words, rows narrowed to 8 bits          ShortsRow, FourPanelsShortsRow
 * </pre>
 *
 * <p>Rows that are narrowed to 8 bits count as many (WideningFloats) where words are not full, and on JDKs before 21.
 *
 * <p>Which loop is taken changes no bit of a result.
 */
package org.expertgrid.kernels.vector.narrow;
