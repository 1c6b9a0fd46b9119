package org.expertgrid.benchmarks.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;

/**
 * One measured load of a cluster, beside its floor.
 *
 * @param load the load
 * @param forward the times of the layer on the cluster
 * @param batched the times of the layer in this JVM alone
 * @param echo the times of the bytes alone
 * @param bytesMinimum the least bytes that a call must send and receive
 * @param breakdown the parts of the caller's time
 */
public record ClusterRun(
        Load load, Measurement forward, Measurement batched, Measurement echo, long bytesMinimum, Breakdown breakdown) {
    /** The positions of the gauges that are read beside the clock. */
    static final int WIRE = 0;

    static final int HEAP_HERE = 1;
    static final int HEAP_OF_OTHERS = 2;

    /**
     * The load of a cluster.
     *
     * @param caller the place of the caller
     * @param members the number of data members, including the caller's own
     * @param element the type of the elements
     * @param exchange how the experts are cut
     * @param batch the rows of a call
     * @param callers the number of threads that call at once
     * @param batching whether calls at the same time may share messages
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
     * Returns the median of the layer in this JVM alone. It is NaN with several callers, which would wait for each other's threads:
     * the number would be the length of their queue. Ratios to it are NaN then, too.
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

    /** Returns the heap that the JVMs of the other members allocate together for each byte that the caller sends or receives. */
    double allocatedByOthers() {
        boolean othersAreHere = load.caller() == Caller.EMBEDDED;
        return bytesMinimum == 0 || othersAreHere ? Double.NaN : forward.perCall(HEAP_OF_OTHERS) / bytesMinimum;
    }

    /** Returns all measured numbers, also those for which {@link #aloneMillis} is NaN, so that every object has the same keys. */
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
        // without other members, some ratios are NaN, which JSON does not have
        json.values().removeIf(value -> value instanceof Double number && !Double.isFinite(number));
        return json;
    }
}
