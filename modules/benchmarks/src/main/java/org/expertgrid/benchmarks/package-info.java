/**
 * Measurements of the other modules, beside other libraries and beside the limits of the machine. No module depends on this one.
 *
 * <pre>
 *   Main -- BenchCommand --+-- kernels   one matrix product, beside NumPy's
 *                          +-- layer     the layer in one JVM, beside the peers
 *                          +-- cluster   the layer on a cluster, beside its floor: the layer in one JVM, and an echo of the bytes
 *                          +-- model     a whole model in one JVM and over members, beside llama.cpp
 *                          +-- jmh       the same products as kernels, under JMH
 *
 *   floors:  model  uses  cluster  uses  layer, kernels  use  peers  uses  report
 * </pre>
 *
 * <p>Subjects that are compared are measured in one run, in turns, after a check that they compute the same. The ratio of two such
 * medians is meaningful on a busy machine. A single time is not.
 */
package org.expertgrid.benchmarks;
