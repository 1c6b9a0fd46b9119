package org.expertgrid.cluster.worker;

import java.util.concurrent.atomic.LongAdder;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.shards.HeldTiles;
import org.expertgrid.cluster.status.WorkerMXBean;

/** Counts what one member's worker does, always, for next to nothing. Safe for use by many threads. */
final class WorkerCounters implements WorkerMXBean {
    final LongAdder tasks = new LongAdder();
    final LongAdder turnedAway = new LongAdder();
    final LongAdder decodingNanos = new LongAdder();
    final LongAdder computingNanos = new LongAdder();
    final LongAdder encodingNanos = new LongAdder();
    private final String kernels;
    private final HeldTiles tiles;

    WorkerCounters(String kernels, HeldTiles tiles) {
        this.kernels = kernels;
        this.tiles = tiles;
    }

    @Override
    public String getKernels() {
        return kernels;
    }

    @Override
    public int getTiles() {
        LongAdder count = new LongAdder();
        tiles.forEach((key, tile) -> count.increment());
        return count.intValue();
    }

    @Override
    public long getTileBytes() {
        LongAdder bytes = new LongAdder();
        tiles.forEach((key, tile) -> bytes.add(tile.bytes()));
        return bytes.sum();
    }

    @Override
    public long getTasks() {
        return tasks.sum();
    }

    @Override
    public long getTurnedAway() {
        return turnedAway.sum();
    }

    @Override
    public double getDecodingMillis() {
        return JmxBeans.millis(decodingNanos);
    }

    @Override
    public double getComputingMillis() {
        return JmxBeans.millis(computingNanos);
    }

    @Override
    public double getEncodingMillis() {
        return JmxBeans.millis(encodingNanos);
    }
}
