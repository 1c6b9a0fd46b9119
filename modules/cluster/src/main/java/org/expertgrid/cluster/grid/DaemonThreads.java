package org.expertgrid.cluster.grid;

import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes daemon threads that are named after what they do. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** Returns a factory of threads {@code expertgrid.<owner>.<purpose>-1}, {@code -2} and so on. */
    public static ThreadFactory named(String owner, String purpose) {
        AtomicInteger number = new AtomicInteger();
        String name = "expertgrid." + owner + "." + purpose + "-";
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns a factory of threads that belong to a Hazelcast instance. */
    public static ThreadFactory of(HazelcastInstance hazelcast, String purpose) {
        return named(hazelcast.getName(), purpose);
    }
}
