/**
 * The whole layer in one JVM, beside the peers.
 *
 * <pre>
 *   BenchLayerCommand -- LayerBench: a Runner of each Peer, one Example -- LayerRun --+-- LayerGoals
 *                                                                                    +-- BarChart
 * </pre>
 */
package org.expertgrid.benchmarks.layer;
