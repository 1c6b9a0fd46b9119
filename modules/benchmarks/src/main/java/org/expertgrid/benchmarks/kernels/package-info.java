/**
 * One matrix product on one thread, as the layer computes it.
 *
 * <pre>
 *   ProductShape -- ProductBench -- Product (a kernel of Expertgrid), NumPy -- ProductRun
 *                                                                               |
 *                                                      Machine: peak and memory bandwidth
 *   WeightFormat -- StoredProductBench -- Product with weights of each format -- StoredProductRun
 *   ProductBenchmark: the products under JMH
 * </pre>
 */
package org.expertgrid.benchmarks.kernels;
