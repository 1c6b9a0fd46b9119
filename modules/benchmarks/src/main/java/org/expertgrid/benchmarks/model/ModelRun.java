package org.expertgrid.benchmarks.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.expertgrid.benchmarks.report.Times;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.WeightFormat;

/**
 * One program at one kind of work.
 *
 * @param runner the program
 * @param weights the format of all matrices
 * @param times the times of its steps
 * @param bytesOfStep the bytes of weights that a step must read
 * @param bandwidth the bytes a nanosecond that the machine reads on as many threads
 * @param ratio its rate / the rate of llama.cpp; NaN if that was not measured
 * @param onMembers where the time of a step goes, if the experts are on members
 */
record ModelRun(
        String runner,
        ModelWork work,
        WeightFormat weights,
        Times times,
        double bytesOfStep,
        double bandwidth,
        double ratio,
        Optional<MemberTimes> onMembers) {
    private static final double MILLIS = 1e3;
    private static final double NANOS_OF_MILLI = 1e6;

    double tokensPerSecond() {
        return work.tokensOfStep() * MILLIS / times.medianMillis();
    }

    /** Returns the time in which the machine can read the step's weights / the time of a step. */
    double ofLimit() {
        return bytesOfStep / bandwidth / (times.medianMillis() * NANOS_OF_MILLI);
    }

    ModelRun withRatioTo(ModelRun theirs) {
        double ratioToTheirs = tokensPerSecond() / theirs.tokensPerSecond();
        return new ModelRun(runner, work, weights, times, bytesOfStep, bandwidth, ratioToTheirs, onMembers);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runner", runner);
        json.put("work", work.label());
        json.put("weights", Output.text(weights));
        json.put("tokens_per_second", tokensPerSecond());
        json.put("ratio", Double.isNaN(ratio) ? null : ratio);
        json.put("of_limit", ofLimit());
        json.put("step_ms", times.medianMillis());
        json.put("step_ms_p90", times.quantileMillis(0.9));
        json.put("steps", times.count());
        json.put("bytes_per_step", Math.round(bytesOfStep));
        onMembers.ifPresent(times -> json.putAll(times.json()));
        return json;
    }
}
