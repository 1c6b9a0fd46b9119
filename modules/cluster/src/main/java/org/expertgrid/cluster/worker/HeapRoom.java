package org.expertgrid.cluster.worker;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Computes how many bytes of weights this JVM's heap has room for. The rest of the heap is for Hazelcast, for tiles that migrate, and for the rows of
 * tasks.
 *
 * <p>Safe for use by many threads.
 *
 * @param maximum the largest size of the heap, in bytes
 * @param regionBytes the size of its regions; 0 for a heap without regions
 * @param living the bytes that were in use after the last collection, asked for each time; they may include garbage
 */
public record HeapRoom(long maximum, int regionBytes, LongSupplier living) {
    /** The bytes that a member needs before it holds weights or computes. */
    private static final long BASE_BYTES = 48L << 20;
    /** The share of the heap that stays free of weights. */
    private static final int RESERVED_SHARE = 8;

    /** Returns the smallest heap that has room for so many bytes of weights. */
    public static long heapFor(long weights) {
        return (weights + BASE_BYTES) * RESERVED_SHARE / (RESERVED_SHARE - 1) + 1;
    }

    static HeapRoom ofThisJvm() {
        return new HeapRoom(
                Runtime.getRuntime().maxMemory(), regionBytesOfThisJvm(), HeapRoom::usedAfterLastCollection);
    }

    /** Returns the room for weights in a heap that holds none, in bytes. */
    long capacity() {
        return Math.max(0, maximum - BASE_BYTES - maximum / RESERVED_SHARE);
    }

    /**
     * Returns the room that is left beside the tiles that are held. Where it is less than asked for only because of what was in use after
     * the last collection, garbage is collected first: undeployed models leave some.
     *
     * @param tiles the memory of the tiles
     * @param asked how many bytes are asked for
     */
    long left(long tiles, long asked) {
        long byTiles = capacity() - tiles;
        if (byTiles >= asked && byUse() < asked) {
            System.gc();
        }
        return Math.max(0, Math.min(byTiles, byUse()));
    }

    /**
     * Returns the room beside everything that is in use. Half of the share that stays free of weights may be in use at the moment, by tasks and by
     * tiles on their way.
     */
    private long byUse() {
        return maximum - maximum / RESERVED_SHARE / 2 - living.getAsLong();
    }

    private static int regionBytesOfThisJvm() {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            boolean hasRegions =
                    Boolean.parseBoolean(options.getVMOption("UseG1GC").getValue());
            return hasRegions
                    ? Integer.parseInt(options.getVMOption("G1HeapRegionSize").getValue())
                    : 0;
        } catch (IllegalArgumentException e) {
            // A JVM that was built without G1 has no such option.
            return 0;
        }
    }

    private static long usedAfterLastCollection() {
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(Objects::nonNull)
                // Some collectors report their pauses apart, without what these left.
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
