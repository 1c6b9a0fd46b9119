/**
 * The published families: which tensors, router and expert each of their configs describes.
 *
 * <pre>
 *   config.json --model_type--> Families (a table) --> one Family, e.g. DeepSeek::readV3
 *                                                        |
 *                                                        v
 *   MoeLayers: which layers are MoE layers, MoeShape, RouterRule, LayerTensors
 *                                                                    |
 *                    router, biases, gate of the shared expert: names;  StoredMatrix for each matrix of an expert:
 *                    name, order, one tensor each or one for all experts, which part of its outputs
 * </pre>
 *
 * A family is one small class that fills in these values; two families with one layer share it. Nothing here reads a tensor. To add a
 * family, write its class and a line in {@link org.expertgrid.checkpoints.families.Families}.
 */
package org.expertgrid.checkpoints.families;
