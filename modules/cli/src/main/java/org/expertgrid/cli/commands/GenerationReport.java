package org.expertgrid.cli.commands;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.expertgrid.cli.local.ExpertTimes;
import org.expertgrid.cli.output.ByteSizes;
import org.expertgrid.cli.output.NarrowingReport;
import org.expertgrid.cli.output.Output;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.StepTimes;
import org.expertgrid.decoder.WeightBytes;
import org.expertgrid.decoder.generation.GenerationResult;

/**
 * Tells how a text was made.
 *
 * @param prompt the tokens of the prompt
 * @param experts what the experts measured while the text was made
 * @param narrowing what it cost to narrow the experts
 */
record GenerationReport(int[] prompt, GenerationResult result, ExpertTimes experts, NarrowingReport narrowing) {
    /** Writes the rates and, where details are asked for, the memory of the front and the shares of the time. */
    void say(Output output, Decoder decoder) {
        if (result.text().isEmpty()) {
            output.say("%s", Arrays.toString(result.ids()));
        }
        output.say("");
        output.say(
                "prompt %d tokens, %.1f tokens/s; answer %d tokens, %.1f tokens/s; %.0f %% of the time in the experts; ended by %s",
                prompt.length,
                result.promptTokensPerSecond(),
                result.ids().length,
                result.tokensPerSecond(),
                100 * result.times().expertShare(),
                Output.text(result.finishReason()));
        if (output.isVerbose()) {
            output.say("memory   %s", memory(decoder));
            output.say("time     %s", times());
        }
    }

    /** Returns the result as the JSON of the command has it. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_ids", prompt);
        json.put("ids", result.ids());
        json.put("text", result.text());
        json.put("finish_reason", Output.text(result.finishReason()));
        json.put("prompt_tokens", prompt.length);
        json.put("tokens", result.ids().length);
        json.put("prompt_tokens_per_second", result.promptTokensPerSecond());
        json.put("tokens_per_second", result.tokensPerSecond());
        json.put("first_token_ms", result.times().promptNanos() / 1e6);
        json.put("expert_share", result.times().expertShare());
        json.put("shares", shares());
        json.put("narrowing", narrowing.json());
        return json;
    }

    private static String memory(Decoder decoder) {
        WeightBytes weights = decoder.weightBytes();
        long bytesPerToken = decoder.caches().bytesPerPosition();
        Runtime runtime = Runtime.getRuntime();
        return String.format(
                Locale.ROOT,
                "embeddings %s, attention %s, dense networks %s, head %s; caches %s a token, at most %s;"
                        + " heap in use %s of %s",
                weights.embeddings() == 0 ? "in their file" : ByteSizes.text(weights.embeddings()),
                ByteSizes.text(weights.attention()),
                ByteSizes.text(weights.networks()),
                ByteSizes.text(weights.head()),
                ByteSizes.text(bytesPerToken),
                ByteSizes.text(bytesPerToken * decoder.caches().mostPositions()),
                ByteSizes.text(runtime.totalMemory() - runtime.freeMemory()),
                ByteSizes.text(runtime.maxMemory()));
    }

    private String times() {
        StepTimes steps = result.times().steps();
        return String.format(
                        Locale.ROOT,
                        "%.2f s to the first token, %.2f s for all: ",
                        result.times().promptNanos() / 1e9,
                        steps.total() / 1e9)
                + shares().entrySet().stream()
                        .map(share -> String.format(Locale.ROOT, "%s %.0f %%", share.getKey(), 100 * share.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** Returns the parts of the time of all steps, each from 0 to 1. */
    private Map<String, Double> shares() {
        StepTimes steps = result.times().steps();
        long measured = nanos(experts.routing(), experts.sending(), experts.waiting(), experts.combining());
        Map<String, Double> shares = new LinkedHashMap<>();
        shares.put("attention", share(steps.attention()));
        shares.put("routing", share(nanos(experts.routing())));
        shares.put("sending", share(nanos(experts.sending())));
        shares.put("waiting", share(nanos(experts.waiting())));
        shares.put("combining", share(nanos(experts.combining())));
        shares.put("experts", share(Math.max(0, steps.experts() - measured)));
        shares.put("head", share(steps.head()));
        shares.put("rest", share(steps.total() - steps.attention() - steps.experts() - steps.head()));
        return shares;
    }

    private double share(long nanos) {
        long total = result.times().steps().total();
        return total == 0 ? 0 : (double) nanos / total;
    }

    private static long nanos(Duration... durations) {
        return Arrays.stream(durations).mapToLong(Duration::toNanos).sum();
    }
}
