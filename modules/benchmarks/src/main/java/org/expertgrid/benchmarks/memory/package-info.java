/**
 * What a byte of weights costs in the heaps of a cluster.
 *
 * <pre>
 *   BenchMemoryCommand -- MemoryBench: members, one model after the other -- MemoryRun: bytes of weights, bytes of heap
 *                              |
 *                          LiveHeap: a member's heap after a full collection
 * </pre>
 */
package org.expertgrid.benchmarks.memory;
