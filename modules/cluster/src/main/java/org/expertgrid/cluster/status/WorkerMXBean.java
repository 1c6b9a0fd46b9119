package org.expertgrid.cluster.status;

/**
 * The weights that one member's worker holds, and its counters, for JMX: {@code org.expertgrid:member="...",type="Worker"}. What is held is as of now,
 * everything else counts from when the member began.
 *
 * <p>Safe for use by many threads.
 */
public interface WorkerMXBean {
    /** Returns the name of the kernels that it computes with. */
    String getKernels();

    /** Returns how many tiles of weights the member holds, primaries and backups. */
    int getTiles();

    /** Returns the memory that they take, in bytes. */
    long getTileBytes();

    /** Returns how many tasks it has computed. */
    long getTasks();

    /** Returns how many tasks it has turned away, because there was no room for them or their turn did not come in time. */
    long getTurnedAway();

    /** Returns the time in decoding tasks, in milliseconds. */
    double getDecodingMillis();

    /** Returns the time in computing, in milliseconds; one task at a time, on all cores. */
    double getComputingMillis();

    /** Returns the time in encoding answers, in milliseconds. */
    double getEncodingMillis();
}
