/**
 * Layers: what turns rows into rows.
 *
 * <pre>
 *   Layer  &lt;--  Linear      x W + b
 *          &lt;--  Expert      an expert of layers
 *          &lt;--  SimpleMoe   token by token, expert by expert: the reference
 *          &lt;--  BatchedMoe  Router --&gt; GatedExperts: all rows of an expert at once, on all threads of a team
 * </pre>
 *
 * {@link org.expertgrid.experts.layers.GatedExperts} takes {@link org.expertgrid.experts.layers.PackedExpert}s, which may be parts of the hidden
 * width of experts, as a member of a cluster holds them. {@link org.expertgrid.experts.layers.Agreement} measures how far two results are apart.
 */
package org.expertgrid.experts.layers;
