package org.expertgrid.benchmarks.memory;

import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.WeightFormat;

/**
 * One model in a cluster.
 *
 * @param format what its weights are stored as
 * @param weightsBytes the bytes of its weights, scales and biases, each counted once
 * @param heapBytes what the live heaps of all members have grown by together
 */
record MemoryRun(WeightFormat format, long weightsBytes, long heapBytes) {
    double ratio() {
        return (double) heapBytes / weightsBytes;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("element", Output.text(format));
        json.put("weights_bytes", weightsBytes);
        json.put("heap_bytes", heapBytes);
        json.put("heap_ratio", ratio());
        return json;
    }
}
