/**
 * Kernels of plain Java loops that the JIT compiler vectorises. They need no module and run on any JDK.
 *
 * <pre>
 *   RowMajorRows x tile ---> PlainDoubles or PlainFloats ---> sums of one panel ---> bias, activation ---> Target
 * </pre>
 */
package org.expertgrid.kernels.plain;
