package org.expertgrid.benchmarks.kernels;

import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.benchmarks.report.Times;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.ElementType;

/**
 * The measured product of one runner.
 *
 * @param runner the name of the runner
 * @param element the type of the elements
 * @param shape of the product
 * @param times of its calls
 * @param oursMillis the median of Expertgrid's best kernels in the same run
 */
record ProductRun(String runner, ElementType element, ProductShape shape, Times times, double oursMillis) {
    double ratioToOurs() {
        return times.medianMillis() / oursMillis;
    }

    double gigaflops() {
        return shape.operations() / times.medianMillis() / 1e6;
    }

    /** Returns the rate at which the weights were read. */
    double gigabytesPerSecond() {
        return (double) shape.inputs() * shape.outputs() * element.bytes() / times.medianMillis() / 1e6;
    }

    Map<String, Object> json(Machine machine) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runner", runner);
        json.put("element", Output.text(element));
        json.put("shape", shape.toString());
        json.put("threads", 1);
        json.put("median_ms", times.medianMillis());
        json.put("min_ms", times.minimumMillis());
        json.put("gflops", gigaflops());
        json.put("share_of_peak", gigaflops() / machine.gigaflops(element));
        json.put("gigabytes_per_second", gigabytesPerSecond());
        json.put("share_of_bandwidth", gigabytesPerSecond() / machine.gigabytesPerSecond());
        json.put("ratio_to_ours", ratioToOurs());
        return json;
    }
}
