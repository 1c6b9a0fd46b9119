/**
 * Checkpoints as they are published, and {@code .npy} files: where real weights come from.
 *
 * <pre>
 *   folder/
 *     config.json ---------> config --------> families ----+   which layers, which router, which experts, which tensors
 *                                                          |
 *     model.safetensors ---> safetensors --> Tensors ------+--> weights: LayerWeights, a MoeWeights, one expert at a time
 *     (or an index)                                                      StoredWeights, any tensor as a weight or a matrix
 *
 *   folder/ of .npy -------> npy: NpyWeights, a MoeWeights; NpyFile, a matrix
 * </pre>
 *
 * {@link org.expertgrid.checkpoints.Checkpoint} is the door:
 *
 * <pre>
 *   Checkpoint checkpoint = Checkpoint.open(folder);      // config and headers are read and checked, weights are not
 *   checkpoint.moeLayers()                                // family, numbers of the MoE layers, shape, rule: values
 *   checkpoint.layer(3)                                   // a MoeWeights; the layer's tensors are checked, the router is read
 *   checkpoint.weights().weight("lm_head.weight", Order.OUTPUT_MAJOR, hiddenSize, vocabulary)   // any other tensor
 *   checkpoint.config().reader().size("hidden_size")      // any other value of the config
 * </pre>
 *
 * The rooms, each of which uses only those above it: {@code safetensors} and {@code config} know no models; {@code families} is a table of what each
 * family's config means; {@code weights} puts the three together; {@code npy} stands alone. Weights keep the format that they are stored in: BF16,
 * F16, fp8 with block scales, MXFP4, float32 and float64.
 */
package org.expertgrid.checkpoints;
