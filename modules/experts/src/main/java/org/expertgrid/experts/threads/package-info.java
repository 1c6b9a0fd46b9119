/**
 * Shares the work of one call among threads.
 *
 * <pre>
 *   call --run(stages)--> ThreadTeam --units--> the caller's thread
 *                                    --units--> HelperThreads: those of an executor that are free
 * </pre>
 */
package org.expertgrid.experts.threads;
