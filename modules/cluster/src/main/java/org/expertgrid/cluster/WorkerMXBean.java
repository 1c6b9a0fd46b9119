package org.expertgrid.cluster;

/** What one member's worker holds and has done, for JMX: {@code org.expertgrid:member="...",type="Worker"}. */
public interface WorkerMXBean {
    String getKernels();

    int getSlices();

    long getPackedBytes();

    long getTasks();

    long getTurnedAway();

    double getDecodingMillis();

    double getComputingMillis();

    double getEncodingMillis();
}
