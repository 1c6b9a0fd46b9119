/**
 * Keys and values of the positions that sequences have read, in pages, and never more of them than a bound allows.
 *
 * <pre>
 *   CachePool      so many positions in total
 *      |  open
 *      v
 *   SequenceCache  length 130, reserve(1): takes the pages that it lacks, or refuses
 *      |
 *      +-- page 0: positions   0 to  63     layer 0: keys [head][element][slot], values [head][slot][element]
 *      +-- page 1: positions  64 to 127     layer 1: ...
 *      +-- page 2: positions 128 to 191     slots 2 to 63 are still free
 * </pre>
 *
 * The order within a page is the one in which attention reads it: the keys of neighbouring positions lie side by side, so that one
 * vector instruction works on many positions, and so do the elements of one value. Numbers are kept as float32 or bf16.
 */
package org.expertgrid.decoder.caches;
