/**
 * The description of everything that a model computes around its experts: one value, read from {@code config.json}.
 *
 * <pre>
 *   config.json --ConfigReader--> ArchitectureReader --> Architecture
 *                                   |                      embedding
 *       Families:                   |                      LayerShape 0   norm, attention, norm, experts or MlpShape
 *       what a family --------------+                      LayerShape 1   ...
 *       does differently                                   norm, head
 *                                                            |
 *                                                            +--> tensors(): the name and the shape of all that must be in the checkpoint
 * </pre>
 *
 * A family is one line of {@code Families}: the {@code FamilyTraits} in which it differs from Llama. The rest is in its configuration. So
 * what is wrong with a checkpoint is known before a weight is read.
 */
package org.expertgrid.decoder.architecture;
