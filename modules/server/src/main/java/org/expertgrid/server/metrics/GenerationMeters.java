package org.expertgrid.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.expertgrid.decoder.batching.BatchStatus;
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
 * <p>All have the label {@code model_name}. They can be in several registries; each counts from the moment of {@link #bindTo}. Safe for use by many
 * threads.
 */
public final class GenerationMeters implements MeterBinder {
    private final String model;
    private final Supplier<BatchStatus> status;
    private final List<RegistryMeters> registries = new CopyOnWriteArrayList<>();
    private final LongAdder generated = new LongAdder();

    /**
     * Begins without a registry.
     *
     * @param status tells what is being done now
     */
    public GenerationMeters(String model, Supplier<BatchStatus> status) {
        this.model = model;
        this.status = status;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(new RegistryMeters(registry, model, status));
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
        /** When the last token came; 0 before the first one. */
        private long last;

        Measured(GenerationListener listener) {
            this.listener = listener;
        }

        @Override
        public void token(SampledToken token) {
            Duration since = since(last == 0 ? begun : last);
            boolean first = last == 0;
            last = System.nanoTime();
            generated.increment();
            registries.forEach(meters -> {
                if (first) {
                    meters.firstToken(since);
                } else {
                    meters.nextToken(since);
                }
            });
            listener.token(token);
        }

        private static Duration since(long nanos) {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }

        @Override
        public void text(String piece) {
            listener.text(piece);
        }

        @Override
        public void ended(GenerationResult result) {
            registries.forEach(meters -> meters.ended(result, since(begun)));
            listener.ended(result);
        }

        @Override
        public void failed(Throwable cause) {
            registries.forEach(RegistryMeters::failed);
            listener.failed(cause);
        }
    }
}
