/**
 * Callers that never stop, and what they observe.
 *
 * <pre>
 *   Verifier "client" --+                                   +-- answers, what is wrong in them, failures
 *   Verifier "member" --+-- compares with Reference --Tally-+
 *        Verifiers                                          +-- longest gap between two results, by fault
 *                                                           +-- Waits: what forwards were doing during it
 * </pre>
 */
package org.expertgrid.chaos.load;
