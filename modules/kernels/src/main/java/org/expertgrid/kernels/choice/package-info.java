/**
 * Chooses the kernels of this process, once, and logs the choice.
 *
 * <pre>
 *   -Dexpertgrid.kernels=NAME ----+
 *                                 v
 *   vector, if nothing hinders  KernelsChoice ---> Kernels, and why
 *   plain otherwise               ^
 *   ojalgo only by name ----------+
 * </pre>
 */
package org.expertgrid.kernels.choice;
