package org.expertgrid.decoder.generation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * A text that is being made.
 *
 * <p>Safe for use by many threads.
 */
public final class Generation {
    private final CompletableFuture<GenerationResult> result;
    private final Runnable cancel;

    Generation(CompletableFuture<GenerationResult> result, Runnable cancel) {
        this.result = result;
        this.cancel = cancel;
    }

    /** Ends the text before the next step; its result has what was made until then. Does nothing where it has ended. */
    public void cancel() {
        cancel.run();
    }

    /** Returns whether the text has ended or failed. */
    public boolean isDone() {
        return result.isDone();
    }

    /**
     * Waits for the end of the text.
     *
     * @throws InterruptedException if the thread is interrupted; the text goes on
     * @throws RuntimeException what ended the text, where it failed: of the layers, of the listener, or that the logits were no numbers
     */
    public GenerationResult await() throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new ExpertgridException("the text could not be made: " + e.getCause(), e.getCause());
        }
    }
}
