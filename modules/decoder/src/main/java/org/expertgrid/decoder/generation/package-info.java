/**
 * Text from prompts: the decoder, the tokenizer and the sampler put together.
 *
 * <pre>
 *   GenerationRequest: prompt ids, Sampling, time limit
 *           |
 *           v  submit                          on the thread that drives the steps
 *       Generator ------> Batching ------> logits --Sampler--> token --TextStream--> text --StopTexts--+
 *           |                                                                                          |
 *           v                                                                                          v
 *       Generation: cancel, await                                     GenerationListener: token, text, ended
 *           |
 *           v
 *       GenerationResult: ids, text, why it ended, counts, times
 * </pre>
 *
 * {@link org.expertgrid.decoder.generation.Generator} is the way in, for one text as for many at the same time. A text depends on its request
 * alone: not on the texts beside it.
 */
package org.expertgrid.decoder.generation;
