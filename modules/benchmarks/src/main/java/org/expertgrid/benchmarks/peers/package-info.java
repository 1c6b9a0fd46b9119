/**
 * Other ways to compute the layer that a Java user could choose.
 *
 * <pre>
 *   Peer --+-- KernelsPeer: Expertgrid's own kernels, ojAlgo among them
 *          +-- NumPyPeer: a Python process
 *          +-- DjlPeer, OnnxPeer: with the profile "peers" of the build, found by ServiceLoader
 *   Peer.prepare(example, threads) --> Runner, which is timed
 * </pre>
 */
package org.expertgrid.benchmarks.peers;
