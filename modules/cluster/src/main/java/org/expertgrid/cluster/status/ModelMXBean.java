package org.expertgrid.cluster.status;

/**
 * {@link MoeStatistics} of one handle on a model, for JMX: {@code org.expertgrid:handle="...",name="...",type="Model"}. Everything
 * counts from when the handle was made; times of forwards that ran side by side are added.
 *
 * <p>Safe for use by many threads.
 */
public interface ModelMXBean {
    /** Returns how many forwards were answered. */
    long getForwards();

    /** Returns how many rows these had. */
    long getRows();

    /** Returns how many rows went to each expert, by its number; a row that goes to two counts for both. */
    long[] getRowsPerExpert();

    /** Returns the bytes of tasks that were given to Hazelcast for other members. */
    long getBytesOut();

    /** Returns the bytes of answers that came from other members. */
    long getBytesIn();

    /** Returns how often a task had to be sent again. */
    long getRetries();

    /** Returns how many tasks went to holders of backups because an answer was late. */
    long getHedges();

    /** Returns how many of them had answers that were used. */
    long getHedgesWon();

    /** Returns how many of them had answers that were not used. */
    long getHedgesWasted();

    /** Returns the time in the router, in milliseconds. */
    double getRoutingMillis();

    /** Returns the time in making tasks and giving them to Hazelcast, in milliseconds. */
    double getEncodingMillis();

    /** Returns the time in waiting for other members, own computing not counted, in milliseconds. */
    double getWaitingMillis();

    /** Returns the time in decoding answers and putting them together, in milliseconds. */
    double getCombiningMillis();
}
