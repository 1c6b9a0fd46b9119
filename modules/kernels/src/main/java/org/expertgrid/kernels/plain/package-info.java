/**
 * The product in Java loops that the JIT compiler vectorises by itself.
 *
 * <pre>
 *   some panels --widen a block of inputs--> long rows of weights
 *                                               |
 *   RowMajorRows ------- multiply --------------+--> long rows of sums --> Target
 * </pre>
 */
package org.expertgrid.kernels.plain;
