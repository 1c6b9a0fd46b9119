package org.expertgrid.benchmarks.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;

/**
 * One way to call a cluster, measured beside its floor.
 *
 * @param load what was asked of it
 * @param forward the layer on the cluster
 * @param batched the layer in this JVM alone
 * @param echo the bytes alone
 * @param bytesMinimum the bytes that a call cannot do without
 * @param breakdown where the caller's time went
 */
public record ClusterRun(
        Load load, Measurement forward, Measurement batched, Measurement echo, long bytesMinimum, Breakdown breakdown) {
    /** The gauges that are read beside the clock, by their place. */
    static final int WIRE = 0;

    static final int HEAP_HERE = 1;
    static final int HEAP_OF_OTHERS = 2;

    /**
     * What is asked of a cluster.
     *
     * @param caller where the calls come from
     * @param members the data members, the caller's own included
     * @param element what the matrices hold
     * @param exchange how the experts are cut
     * @param batch rows of a call
     * @param callers how many threads call at once
     * @param batching whether calls that come together may share their messages
     */
    public record Load(
            Caller caller,
            int members,
            ElementType element,
            Exchange exchange,
            int batch,
            int callers,
            boolean batching) {}

    double medianMillis() {
        return forward.times().medianMillis();
    }

    /**
     * Returns what the layer takes in this JVM alone; NaN with several callers, who would wait there for each other's threads, so
     * that the number would be of their queue. NaN, too, is then whatever is in terms of it.
     */
    double aloneMillis() {
        return load.callers() == 1 ? batched.times().medianMillis() : Double.NaN;
    }

    double ratio() {
        return medianMillis() / aloneMillis();
    }

    double echoMillis() {
        return echo.times().medianMillis();
    }

    double floorMillis() {
        return aloneMillis() + echoMillis();
    }

    double ratioToFloor() {
        return medianMillis() / floorMillis();
    }

    double tailMillis() {
        return forward.times().quantileMillis(0.99);
    }

    double echoTailMillis() {
        return echo.times().quantileMillis(0.99);
    }

    double bytesRatio() {
        return bytesMinimum == 0 ? Double.NaN : forward.perCall(WIRE) / bytesMinimum;
    }

    double rowsPerSecond() {
        return forward.callsPerSecond() * load.batch();
    }

    /** Returns the heap that the caller's JVM allocates for each byte that it sends or receives. */
    double allocatedHere() {
        return bytesMinimum == 0 ? Double.NaN : forward.perCall(HEAP_HERE) / bytesMinimum;
    }

    /** Returns the same for the JVMs of the other members, taken together. */
    double allocatedByOthers() {
        boolean othersAreHere = load.caller() == Caller.EMBEDDED;
        return bytesMinimum == 0 || othersAreHere ? Double.NaN : forward.perCall(HEAP_OF_OTHERS) / bytesMinimum;
    }

    /** Returns all that was measured: what {@link #aloneMillis} leaves out, too, for readers who rely on its keys. */
    Map<String, Object> json() {
        double batchedMillis = batched.times().medianMillis();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("caller", Output.text(load.caller()));
        json.put("exchange", Output.text(load.exchange()));
        json.put("element", Output.text(load.element()));
        json.put("members", load.members());
        json.put("batch", load.batch());
        json.put("callers", load.callers());
        json.put("batching", load.batching());
        json.put("median_ms", medianMillis());
        json.put("min_ms", forward.times().minimumMillis());
        json.put("p99_ms", tailMillis());
        json.put("batched_ms", batchedMillis);
        json.put("echo_ms", echoMillis());
        json.put("echo_p99_ms", echoTailMillis());
        json.put("ratio", medianMillis() / batchedMillis);
        json.put("ratio_to_floor", medianMillis() / (batchedMillis + echoMillis()));
        json.put("bytes_on_wire", forward.perCall(WIRE));
        json.put("bytes_minimum", bytesMinimum);
        json.put("rows_per_second", rowsPerSecond());
        json.put("allocated_bytes", forward.perCall(HEAP_HERE));
        json.put("allocated_bytes_members", allocatedByOthers() * bytesMinimum);
        json.putAll(breakdown.json());
        json.put("calls", forward.times().count());
        // without members to talk to, some ratios are of nothing to nothing, which JSON cannot say
        json.values().removeIf(value -> value instanceof Double number && !Double.isFinite(number));
        return json;
    }
}
