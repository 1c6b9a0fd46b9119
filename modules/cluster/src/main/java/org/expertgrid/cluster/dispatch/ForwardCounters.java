package org.expertgrid.cluster.dispatch;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.status.ModelMXBean;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.experts.routing.Routing;

/** Counts what one handle does, always, for next to nothing. Safe for use by many threads. */
public final class ForwardCounters implements ModelMXBean {
    public final LongAdder forwards = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder hedges = new LongAdder();
    final LongAdder hedgesWon = new LongAdder();
    final LongAdder hedgesWasted = new LongAdder();
    public final LongAdder routingNanos = new LongAdder();
    final LongAdder encodingNanos = new LongAdder();
    final LongAdder waitingNanos = new LongAdder();
    public final LongAdder combiningNanos = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder[] rowsPerExpert;

    public ForwardCounters(int experts) {
        rowsPerExpert = Stream.generate(LongAdder::new).limit(experts).toArray(LongAdder[]::new);
    }

    /** Counts rows that were answered. */
    public void answered(Routing routing) {
        rows.add(routing.rows());
        for (int e = 0; e < rowsPerExpert.length; e++) {
            rowsPerExpert[e].add(routing.expert(e).count());
        }
    }

    public MoeStatistics snapshot() {
        List<Long> perExpert = Arrays.stream(rowsPerExpert).map(LongAdder::sum).toList();
        return new MoeStatistics(
                forwards.sum(),
                rows.sum(),
                perExpert,
                bytesOut.sum(),
                bytesIn.sum(),
                retries.sum(),
                hedges.sum(),
                hedgesWon.sum(),
                hedgesWasted.sum(),
                Duration.ofNanos(routingNanos.sum()),
                Duration.ofNanos(encodingNanos.sum()),
                Duration.ofNanos(waitingNanos.sum()),
                Duration.ofNanos(combiningNanos.sum()));
    }

    @Override
    public long getForwards() {
        return forwards.sum();
    }

    @Override
    public long getRows() {
        return rows.sum();
    }

    @Override
    public long[] getRowsPerExpert() {
        return Arrays.stream(rowsPerExpert).mapToLong(LongAdder::sum).toArray();
    }

    @Override
    public long getBytesOut() {
        return bytesOut.sum();
    }

    @Override
    public long getBytesIn() {
        return bytesIn.sum();
    }

    @Override
    public long getRetries() {
        return retries.sum();
    }

    @Override
    public long getHedges() {
        return hedges.sum();
    }

    @Override
    public long getHedgesWon() {
        return hedgesWon.sum();
    }

    @Override
    public long getHedgesWasted() {
        return hedgesWasted.sum();
    }

    @Override
    public double getRoutingMillis() {
        return JmxBeans.millis(routingNanos);
    }

    @Override
    public double getEncodingMillis() {
        return JmxBeans.millis(encodingNanos);
    }

    @Override
    public double getWaitingMillis() {
        return JmxBeans.millis(waitingNanos);
    }

    @Override
    public double getCombiningMillis() {
        return JmxBeans.millis(combiningNanos);
    }
}
