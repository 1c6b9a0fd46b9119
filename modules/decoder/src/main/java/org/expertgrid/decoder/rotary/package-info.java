/**
 * Rotary position embeddings: pairs of a query's or a key's elements are turned by angles that grow with the position.
 *
 * <pre>
 *   config.json --> RotaryFrequencies   how fast each pair turns, and the factor on both results
 *                          |
 *                          v
 *                       Rotary          which elements make a pair, and which frequencies a sequence has
 *                          |
 *   positions of a step ---+--> RotaryAngles   cosine and sine of each row and pair, computed once a step
 *                                     |
 *   query, key -----------------------+--> rotated in place
 * </pre>
 *
 * A product of a rotated query with a rotated key depends on the distance of the two positions alone.
 */
package org.expertgrid.decoder.rotary;
