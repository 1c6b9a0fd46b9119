package org.expertgrid.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.decoder.StepTimes;
import org.expertgrid.decoder.batching.BatchStatus;
import org.expertgrid.decoder.generation.FinishReason;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.generation.GenerationTimes;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.server.sessions.Engine;

/** Makes texts that a test has written beforehand: the n-th request has the n-th text, and those that follow have the last one. */
final class ScriptedEngine implements Engine {
    /**
     * What one text does.
     *
     * @param pieces the pieces of the text
     * @param failure what ends it, if anything
     * @param waits whether it waits, after its pieces, until it is cancelled
     */
    record Script(List<String> pieces, Optional<RuntimeException> failure, boolean waits) {
        static Script of(String... pieces) {
            return new Script(List.of(pieces), Optional.empty(), false);
        }

        /** Says these pieces and fails as a cluster does that has lost too many members. */
        static Script failing(String... pieces) {
            return new Script(List.of(pieces), Optional.of(new ExpertgridException("member 10.0.0.7 is lost")), false);
        }

        static Script waiting(String... pieces) {
            return new Script(List.of(pieces), Optional.empty(), true);
        }
    }

    private final List<Script> scripts;
    private final AtomicInteger submitted = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final ConcurrentHashMap.KeySetView<Thread, Boolean> threads = ConcurrentHashMap.newKeySet();

    ScriptedEngine(Script... scripts) {
        this.scripts = List.of(scripts);
    }

    int submitted() {
        return submitted.get();
    }

    @Override
    public Runnable submit(GenerationRequest request, GenerationListener listener) {
        Script script = scripts.get(Math.min(submitted.getAndIncrement(), scripts.size() - 1));
        CountDownLatch cancelled = new CountDownLatch(1);
        running.incrementAndGet();
        Thread thread = new Thread(() -> play(script, request, listener, cancelled), "scripted-text");
        threads.add(thread);
        thread.start();
        return cancelled::countDown;
    }

    private void play(Script script, GenerationRequest request, GenerationListener listener, CountDownLatch cancelled) {
        List<SampledToken> tokens = new ArrayList<>();
        for (String piece : script.pieces()) {
            SampledToken token = new SampledToken(2, Optional.empty());
            tokens.add(token);
            listener.token(token);
            listener.text(piece);
        }
        FinishReason reason = FinishReason.STOP;
        if (script.waits()) {
            await(cancelled);
            reason = FinishReason.CANCELLED;
        }
        running.decrementAndGet();
        if (script.failure().isPresent()) {
            listener.failed(script.failure().get());
            return;
        }
        listener.ended(new GenerationResult(
                request.prompt().length,
                tokens,
                String.join("", script.pieces()),
                reason,
                new GenerationTimes(1, 1, 1, StepTimes.NONE)));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until no text is being made. */
    void awaitIdle() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public BatchStatus status() {
        return new BatchStatus(running.get(), 0, 0, 100, submitted.get(), 0, 0, 0);
    }
}
