/**
 * From logits to tokens, and where a text ends.
 *
 * <pre>
 *   logits of one position      TokenHistory: the tokens so far
 *        |                            |
 *        v                            v
 *     biases  ->  penalties  ->  allowed tokens  ->  temperature  ->  top-k  ->  top-p  ->  min-p  ->  chance(seed, place)
 *        |                                                                                                   |
 *        v                                                                                                   v
 *     log probabilities, as the model gave them                                                       SampledToken
 *                                                                                                            |
 *   text  <--  StopTexts: holds back what may be the beginning of a stop text  <--  text of the tokens  <----+
 * </pre>
 *
 * {@link org.expertgrid.decoder.sampling.Sampling} is what a caller asks for. {@link org.expertgrid.decoder.sampling.Sampler} chooses. Chance depends on
 * the seed and the place in the text alone: so a text does not depend on the texts beside it, and a text that another JVM takes up goes on
 * as it would have.
 */
package org.expertgrid.decoder.sampling;
