/**
 * Reads weights out of tensors.
 *
 * <pre>
 *   MoeLayers, Tensors --LayerCheck--> every missing, extra, misshapen or mistyped tensor of the layer, in one message
 *                      --LayerWeights--> MoeWeights: router now, experts when asked
 *   Tensors --StoredWeights--> any tensor: weight(...) in its stored format, matrix(...) and vector(...) widened
 * </pre>
 */
package org.expertgrid.checkpoints.weights;
