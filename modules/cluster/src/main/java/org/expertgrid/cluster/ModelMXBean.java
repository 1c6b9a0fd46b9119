package org.expertgrid.cluster;

/** {@link MoeStatistics} of one handle on a model, for JMX: {@code org.expertgrid:handle="...",name="...",type="Model"}. */
public interface ModelMXBean {
    long getForwards();

    long getRows();

    long[] getRowsPerExpert();

    long getBytesOut();

    long getBytesIn();

    long getRetries();

    double getRoutingMillis();

    double getEncodingMillis();

    double getWaitingMillis();

    double getCombiningMillis();
}
