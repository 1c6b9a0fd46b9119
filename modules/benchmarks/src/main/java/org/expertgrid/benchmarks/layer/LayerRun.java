package org.expertgrid.benchmarks.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.benchmarks.report.Times;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.ElementType;

/**
 * The measured load of one runner.
 *
 * @param runner the name of the runner
 * @param element the type of the elements
 * @param batch the rows of a call
 * @param threads the number of threads that it may use
 * @param times the times of its calls
 * @param operations the floating-point operations of a call
 * @param oursMillis the median of our runner in the same run
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
