/**
 * Which kernels a process uses: the fastest that it can run, or those that {@code -Dexpertgrid.kernels} names.
 *
 * <pre>
 *   VectorObstacles.first   none ---> vector
 *                           some ---> plain, and a warning that says what to do
 *   -Dexpertgrid.kernels=NAME ------> that one, or an error
 * </pre>
 */
package org.expertgrid.kernels.choice;
