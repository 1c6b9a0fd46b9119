/**
 * Measurements of the other modules, beside others that do the same and beside what the machine allows, and trials of a cluster. Nobody
 * depends on them.
 *
 * <pre>
 *   Main -- bench kernels -- ProductBench: one product, beside NumPy's ----------+
 *            |      |                                                           |
 *            |     layer --- LayerBench: a Runner of every Peer, weights in -----+-- Rounds: everybody has a turn
 *            |      |                                                           |      |
 *            |    cluster -- ClusterBench: a Load on a Site, beside its floor: --+   Measurement, of Turns
 *            |               the layer in one JVM, and an Echo of the bytes
 *            +---- jmh ----- ProductBenchmark
 * </pre>
 *
 * <pre>
 *   Main -- chaos -- ChaosRun: a Schedule of Faults, from a seed
 *                       |
 *                    ChaosPhase: for each Arrangement a ChaosCluster, with Relays where members are to be cut off
 *                       |     \
 *                       |      Saboteur: one Fault, then back to the cluster's size, then the next
 *                       |
 *                    Witnesses: call all the time, look at every row with the Reference, keep the Tally
 * </pre>
 *
 * <p>What is compared is measured in one run, in turns, and first checked to compute the same: a ratio of two such medians means
 * something on a machine that others use too, a time alone does not.
 *
 * <p>Peers whose libraries are large come with the profile {@code peers}, from sources of their own, and are found as services.
 */
package org.expertgrid.benchmarks;
