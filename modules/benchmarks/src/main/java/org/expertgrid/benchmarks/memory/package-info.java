/**
 * Measures how many bytes of heap a cluster needs for a byte of weights.
 *
 * <pre>
 *   BenchMemoryCommand -- MemoryBench: members, one model after the other -- MemoryRun: bytes of weights, bytes of heap
 *                              |
 *                          LiveHeap: a member's heap after a full collection
 * </pre>
 */
package org.expertgrid.benchmarks.memory;
