/**
 * Callers that never stop, and what they observe.
 *
 * <pre>
 *   Verifier "client" --+                                   +-- forwards, wrong rows, failures
 *   Verifier "member" --+-- compares with Reference --Tally-+
 *        Verifiers                                          +-- longest gap between two results, by fault
 * </pre>
 */
package org.expertgrid.chaos.load;
