package org.expertgrid.benchmarks.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.benchmarks.report.Times;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.ElementType;

/**
 * One runner at one load, beside ours.
 *
 * @param runner its name
 * @param element what matrices hold
 * @param batch rows of a call
 * @param threads how many it may use
 * @param times of its calls
 * @param operations floating-point operations of a call
 * @param oursMillis the median of ours in the same run
 */
public record LayerRun(
        String runner, ElementType element, int batch, int threads, Times times, double operations, double oursMillis) {

    public double ratioToOurs() {
        return times.medianMillis() / oursMillis;
    }

    double gigaflops() {
        return operations / times.medianMillis() / 1e6;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runner", runner);
        json.put("element", Output.text(element));
        json.put("batch", batch);
        json.put("threads", threads);
        json.put("median_ms", times.medianMillis());
        json.put("min_ms", times.minimumMillis());
        json.put("gflops", gigaflops());
        json.put("ratio_to_ours", ratioToOurs());
        json.put("calls", times.count());
        return json;
    }
}
