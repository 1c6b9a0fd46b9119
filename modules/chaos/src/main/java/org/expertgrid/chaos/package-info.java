/**
 * A trial of correctness: members of a cluster are killed, paused, cut off and added while callers use a model on it, and every row of
 * every result is compared with SimpleMoe's.
 *
 * <pre>
 *   Main -- ChaosCommand -- ChaosRun: a Schedule of faults, drawn from a seed
 *                              |
 *                           ChaosPhase: one cluster under load, for each Arrangement that the faults need
 *                              |     \   Load: a LayerLoad of forwards, or a ServedLoad of texts
 *                              |      FaultInjector: one fault, then back to full size, then the next
 *                              |
 *                           ChaosReport: the counts, and whether the run passed
 *
 *   floors:  this package  uses  cluster  uses  load  uses  faults
 * </pre>
 *
 * <p>{@code SelfTest} proves that the trial notices faults of the product: it feeds the verifiers a wrong bit and a forward that hangs.
 */
package org.expertgrid.chaos;
