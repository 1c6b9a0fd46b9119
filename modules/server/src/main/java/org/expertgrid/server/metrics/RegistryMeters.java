package org.expertgrid.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.expertgrid.decoder.batching.BatchStatus;
import org.expertgrid.decoder.generation.FinishReason;
import org.expertgrid.decoder.generation.GenerationResult;

/** The meters in one registry, under the names that vLLM gives them. Safe for use by many threads. */
final class RegistryMeters {
    private static final Duration[] SHORT = milliseconds(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500);
    private static final Duration[] LONG =
            milliseconds(10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000);

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter promptTokens;
    private final Counter generatedTokens;
    private final Counter failures;
    private final Map<FinishReason, Counter> successes = new EnumMap<>(FinishReason.class);
    private final Timer firstToken;
    private final Timer betweenTokens;
    private final Timer whole;
    private final Timer queue;
    private final Timer prompt;
    private final Timer answer;

    RegistryMeters(MeterRegistry registry, String model, Supplier<BatchStatus> status) {
        this.registry = registry;
        this.tags = Tags.of("model_name", model);
        gauge("num_requests_running", "Texts that share the steps", status, BatchStatus::running);
        gauge("num_requests_waiting", "Texts that wait for their first step", status, BatchStatus::waiting);
        gauge(
                "kv_cache_usage_perc",
                "Part of the caches for keys and values that is in use, 0 to 1",
                status,
                now -> (double) now.cachedTokens() / Math.max(1, now.mostCachedTokens()));
        this.promptTokens = counter("prompt_tokens", "Tokens of prompts", tags);
        this.generatedTokens = counter("generation_tokens", "Tokens of answers", tags);
        this.failures = counter("request_failure", "Texts that failed", tags);
        for (FinishReason reason : FinishReason.values()) {
            Tags both = tags.and("finished_reason", reason.name().toLowerCase(Locale.ROOT));
            successes.put(reason, counter("request_success", "Texts that ended", both));
        }
        this.firstToken = timer("time_to_first_token", "From a request to its first token", LONG);
        this.betweenTokens = timer("inter_token_latency", "From one token of a text to the next", SHORT);
        this.whole = timer("e2e_request_latency", "From a request to its end", LONG);
        this.queue = timer("request_queue_time", "From a request to its first step", LONG);
        this.prompt = timer("request_prefill_time", "From the first step to the first token", LONG);
        this.answer = timer("request_decode_time", "From the first token to the last", LONG);
    }

    private static Duration[] milliseconds(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }

    private void gauge(
            String name, String description, Supplier<BatchStatus> status, ToDoubleFunction<BatchStatus> value) {
        Gauge.builder("expertgrid." + name, () -> value.applyAsDouble(status.get()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private Counter counter(String name, String description, Tags labels) {
        return Counter.builder("expertgrid." + name)
                .description(description)
                .tags(labels)
                .register(registry);
    }

    private Timer timer(String name, String description, Duration[] buckets) {
        return Timer.builder("expertgrid." + name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    void firstToken(Duration sinceRequest) {
        generatedTokens.increment();
        firstToken.record(sinceRequest);
    }

    void nextToken(Duration sinceLast) {
        generatedTokens.increment();
        betweenTokens.record(sinceLast);
    }

    void ended(GenerationResult result, Duration sinceRequest) {
        promptTokens.increment(result.promptTokens());
        successes.get(result.finishReason()).increment();
        whole.record(sinceRequest);
        queue.record(Duration.ofNanos(result.times().waitingNanos()));
        prompt.record(Duration.ofNanos(result.times().promptNanos()));
        answer.record(Duration.ofNanos(result.times().answerNanos()));
    }

    void failed() {
        failures.increment();
    }
}
