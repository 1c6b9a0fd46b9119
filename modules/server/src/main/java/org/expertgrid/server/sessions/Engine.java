package org.expertgrid.server.sessions;

import org.expertgrid.decoder.batching.BatchStatus;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.decoder.generation.Generator;

/**
 * A generator of texts, as the server needs it.
 *
 * <p>Safe for use by many threads.
 */
public interface Engine {
    /**
     * Begins a text, as {@link Generator#submit} does.
     *
     * @return what cancels the text, at once or before its next step
     */
    Runnable submit(GenerationRequest request, GenerationListener listener);

    /** Returns what is being done now. */
    BatchStatus status();

    /** Returns the engine that a generator is. */
    static Engine of(Generator generator) {
        return new Engine() {
            @Override
            public Runnable submit(GenerationRequest request, GenerationListener listener) {
                return generator.submit(request, listener)::cancel;
            }

            @Override
            public BatchStatus status() {
                return generator.status();
            }
        };
    }
}
