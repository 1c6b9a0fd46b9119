/**
 * Continuous batching: many sequences share each step of a decoder; they join and leave between steps.
 *
 * <pre>
 *   submit --> waiting, in the order in which they came, at most so many
 *                 |  between two steps, where there is room
 *                 v
 *              running --------------------- one step ---------------------+
 *                 ^     one token of each answer                           |
 *                 |     and a part of each prompt that is being read       v
 *                 +---- next token &lt;---- Continuation.next(logits) &lt;---- Decoder
 *                                             |
 *                                             +--> end: the sequence leaves, its memory is free
 * </pre>
 *
 * One thread drives all of it. A step has a bounded number of rows, so a long prompt is read in parts and the answers beside it go on. Where
 * the caches are full, the sequence that came last gives its memory up and is read again later; its logits are the same then, to
 * the bit, so nothing can be told from its answer.
 */
package org.expertgrid.decoder.batching;
