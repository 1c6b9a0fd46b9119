package org.expertgrid.benchmarks.kernels;

import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.benchmarks.report.Times;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.WeightFormat;

/**
 * The measured product with weights of one format.
 *
 * @param weights what the weights were stored as
 * @param shape of the product
 * @param bytes that the packed weights take, scales included
 * @param times of its calls
 * @param float32Millis the median of the product with float32 weights in the same run
 * @param error the error relative to the product of the widened weights, root of the mean square; 0 where rows are not narrowed
 */
record StoredProductRun(
        WeightFormat weights, ProductShape shape, long bytes, Times times, double float32Millis, double error) {
    /** Returns how many times as fast as with float32 weights the product was. */
    double speedOfFloat32() {
        return float32Millis / times.medianMillis();
    }

    double gigaflops() {
        return shape.operations() / times.medianMillis() / 1e6;
    }

    /** Returns the rate at which the weights were read. */
    double gigabytesPerSecond() {
        return bytes / times.medianMillis() / 1e6;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("weights", Output.text(weights));
        json.put("shape", shape.toString());
        json.put("threads", 1);
        json.put("bytes", bytes);
        json.put("median_ms", times.medianMillis());
        json.put("min_ms", times.minimumMillis());
        json.put("gflops", gigaflops());
        json.put("gigabytes_per_second", gigabytesPerSecond());
        json.put("speed_of_float32", speedOfFloat32());
        json.put("relative_error", error);
        return json;
    }
}
