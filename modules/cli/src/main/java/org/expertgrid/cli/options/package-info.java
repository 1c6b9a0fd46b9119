/**
 * The options that several commands share, as picocli mixins. They check themselves, and make values of Expertgrid's types.
 *
 * <pre>
 *   --input-dim ... --topk      DimensionOptions --+
 *   --batch, --ranks, --heap    ShapeOptions ------+--> model shape, builder, parameters of the exercise
 *   --weights DIR               ModelSource  ---------> MoeWeights
 *   --input, --save-...         ForwardFiles ---------> rows, files
 * </pre>
 */
package org.expertgrid.cli.options;
