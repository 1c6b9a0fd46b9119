package org.expertgrid.cluster.workarounds;

/**
 * Tells Hazelcast's operation threads from others.
 *
 * <p>Listeners, entry processors and map stores of an application run on these threads. A forward that waits there holds up the
 * partition whose answer it may be waiting for, and Hazelcast has no public way to tell. The class is compared by its name, so a
 * Hazelcast that lacks it is no problem.
 */
public final class OperationThreads {
    private static final String PACKAGE = "com.hazelcast.spi.impl.operationexecutor.impl.";

    private OperationThreads() {}

    /** Returns whether the calling thread executes Hazelcast's operations. */
    public static boolean isCurrent() {
        return Thread.currentThread().getClass().getName().startsWith(PACKAGE);
    }
}
