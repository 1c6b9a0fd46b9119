/**
 * Whole models: tokens in, logits out, and text on top.
 *
 * <pre>
 *   text --templates--> text --tokens--> ids
 *                                         |
 *   generation: Generator                 v
 *       batching: which sequences a step reads, and how many tokens of each
 *           |
 *           v    Chunks: the next tokens of some sequences
 *       Decoder   embedding
 *           |     for each layer: norm, attention (rotary, caches), norm, experts or a dense network
 *           |                                                         ^
 *           |                                                         +-- a Layer: in this JVM, or in a grid
 *           |     norm, head
 *           v    logits
 *       sampling (grammar) --> token --tokens--> text
 * </pre>
 *
 * {@link org.expertgrid.decoder.Decoder} is the model: open it from a checkpoint, begin a {@link org.expertgrid.decoder.Sequence}, and let each
 * {@link org.expertgrid.decoder.Decoder#step step} read {@linkplain org.expertgrid.decoder.Chunk chunks} of one or many of them.
 * {@link org.expertgrid.decoder.generation.Generator} makes texts with it.
 *
 * <p>The packages stand on each other in this order: {@code rotary}, {@code architecture}, {@code caches}, {@code dense}, {@code attention}, this one,
 * {@code batching}, {@code generation}; {@code templates}, {@code tokens}, {@code sampling} and {@code grammar} know nothing of them.
 */
package org.expertgrid.decoder;
