/**
 * Attention over cached keys and values.
 *
 * <pre>
 *   rows of a step --projection--> queries, keys, values --norm, rotate--+
 *                                                                        |
 *       GroupedQueryAttention: keys and values of each head              v
 *       LatentAttention: one latent vector for all heads      SequenceCache: keys and values are kept
 *                                                                        |
 *                    queries --> ScaledDotProduct &lt;----------------------+
 *                                      |
 *                                      v
 *                    softmax(scale q k) v of each row and head --projection--> rows
 * </pre>
 *
 * A row's sums run over its positions in ascending order, each row for itself. So its bits depend neither on the other rows of the step nor
 * on how the sequence was cut into steps.
 */
package org.expertgrid.decoder.attention;
