/**
 * The work that a member does by itself, without a request.
 *
 * <pre>
 *   Housekeeping  -- every few seconds --> drops unused slices, removes what was removed elsewhere
 *                                      --> finishes the work of processes that died, spreads ranks anew
 *   Draining      -- before a member leaves --> hands over, waits for running tasks
 * </pre>
 */
package org.expertgrid.cluster.upkeep;
