package org.expertgrid.cluster.worker;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How much room a heap has beside what lives in it. Weights should leave some: for what migrates, what is being packed, and the rows
 * of tasks.
 *
 * @param living the bytes that live in it, asked for each time
 * @param bytes how large it may become
 */
record HeapRoom(LongSupplier living, long bytes) {
    private static final double MOST_LIVING = 0.6;
    private static final double MOST_LIVING_FOR_A_WHILE = 0.75;

    /** Returns the room in this JVM's heap, where what the last collection left is what lives. */
    static HeapRoom ofThisJvm() {
        return new HeapRoom(
                HeapRoom::usedAfterLastCollection, Runtime.getRuntime().maxMemory());
    }

    /** Returns whether more lives in it than should in the long run: what could be let go should be. */
    boolean isShort() {
        return living.getAsLong() > MOST_LIVING * bytes;
    }

    /** Returns whether there is room for something more that will take the place of something else. */
    boolean isEnoughFor(long more) {
        return living.getAsLong() + more <= MOST_LIVING_FOR_A_WHILE * bytes;
    }

    private static long usedAfterLastCollection() {
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(Objects::nonNull)
                // Some collectors tell of their pauses apart, and not of what these left.
                .filter(last -> used(last) > 0)
                .max(Comparator.comparingLong(GcInfo::getEndTime))
                .map(HeapRoom::used)
                .orElse(0L);
    }

    private static long used(GcInfo last) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .filter(last.getMemoryUsageAfterGc()::containsKey)
                .mapToLong(pool -> last.getMemoryUsageAfterGc().get(pool).getUsed())
                .sum();
    }
}
