/**
 * Kernels that call ojAlgo's multiplication. They are the independent check of the other kernels, not a fast choice.
 *
 * <pre>
 *   PackedWeights ---> ojAlgo matrix --+
 *                                      +--> ojAlgo's multiply ---> Target
 *   rows ------------> ojAlgo matrix --+
 * </pre>
 */
package org.expertgrid.kernels.ojalgo;
