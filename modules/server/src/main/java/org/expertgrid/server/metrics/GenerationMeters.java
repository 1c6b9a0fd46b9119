package org.expertgrid.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.expertgrid.decoder.batching.BatchStatus;
import org.expertgrid.decoder.generation.FinishReason;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.sampling.SampledToken;

/**
 * The meters of a model's texts, for a server as for an application that generates itself:
 *
 * <pre>
 *   GenerationMeters meters = new GenerationMeters("olmoe", generator::status);
 *   meters.bindTo(registry);
 *   generator.submit(request, meters.measure(listener));
 * </pre>
 *
 * <p>Safe for use by many threads. It can be bound to several registries; each counts from then on.
 */
public final class GenerationMeters implements MeterBinder {
    private static final Duration[] SHORT = milliseconds(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500);
    private static final Duration[] LONG =
            milliseconds(10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000);

    private final CompositeMeterRegistry registries = new CompositeMeterRegistry();
    private final Supplier<BatchStatus> status;
    private final Tags tags;
    private final Counter promptTokens;
    private final Counter generatedTokens;
    private final Counter failures;
    private final Map<FinishReason, Counter> successes = new EnumMap<>(FinishReason.class);
    private final LongAdder generated = new LongAdder();
    private final Timer firstToken;
    private final Timer betweenTokens;
    private final Timer whole;
    private final Timer queue;
    private final Timer prompt;
    private final Timer answer;

    /**
     * Makes the meters, all with the label {@code model_name}.
     *
     * @param status tells what is being done now
     */
    public GenerationMeters(String model, Supplier<BatchStatus> status) {
        this.status = status;
        this.tags = Tags.of(Tag.of("model_name", model));
        gauge("num_requests_running", "Texts that share the steps", BatchStatus::running);
        gauge("num_requests_waiting", "Texts that wait for their first step", BatchStatus::waiting);
        gauge(
                "kv_cache_usage_perc",
                "Part of the caches for keys and values that is in use, 0 to 1",
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

    private void gauge(String name, String description, ToDoubleFunction<BatchStatus> value) {
        Gauge.builder("expertgrid." + name, status, now -> value.applyAsDouble(now.get()))
                .description(description)
                .tags(tags)
                .register(registries);
    }

    private Counter counter(String name, String description, Tags labels) {
        return Counter.builder("expertgrid." + name)
                .description(description)
                .tags(labels)
                .register(registries);
    }

    private Timer timer(String name, String description, Duration[] buckets) {
        return Timer.builder("expertgrid." + name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registries);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(registry);
    }

    /** Returns how many tokens have been generated. */
    public long generatedTokens() {
        return generated.sum();
    }

    /** Returns a listener that measures a text which begins now, and passes everything on. */
    public GenerationListener measure(GenerationListener listener) {
        return new Measured(listener);
    }

    private final class Measured implements GenerationListener {
        private final GenerationListener listener;
        private final long begun = System.nanoTime();
        private long last;

        Measured(GenerationListener listener) {
            this.listener = listener;
        }

        @Override
        public void token(SampledToken token) {
            long now = System.nanoTime();
            if (last == 0) {
                firstToken.record(Duration.ofNanos(now - begun));
            } else {
                betweenTokens.record(Duration.ofNanos(now - last));
            }
            last = now;
            generated.increment();
            generatedTokens.increment();
            listener.token(token);
        }

        @Override
        public void text(String piece) {
            listener.text(piece);
        }

        @Override
        public void ended(GenerationResult result) {
            promptTokens.increment(result.promptTokens());
            successes.get(result.finishReason()).increment();
            whole.record(Duration.ofNanos(System.nanoTime() - begun));
            queue.record(Duration.ofNanos(result.times().waitingNanos()));
            prompt.record(Duration.ofNanos(result.times().promptNanos()));
            answer.record(Duration.ofNanos(result.times().answerNanos()));
            listener.ended(result);
        }

        @Override
        public void failed(Throwable cause) {
            failures.increment();
            listener.failed(cause);
        }
    }
}
