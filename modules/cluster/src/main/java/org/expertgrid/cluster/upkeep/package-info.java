/**
 * The work that a member does by itself, without a request.
 *
 * <pre>
 *   Housekeeping  -- five times a second --> has tiles collected that have come to this member or to holders of backups
 *                 -- every few seconds --> removes what was removed elsewhere
 *                                      --> finishes the work of processes that died, spreads ranks anew
 *   Draining      -- before a member leaves --> hands over, waits for running tasks
 * </pre>
 */
package org.expertgrid.cluster.upkeep;
