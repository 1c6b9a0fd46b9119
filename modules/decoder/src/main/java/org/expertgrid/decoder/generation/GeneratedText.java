package org.expertgrid.decoder.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.decoder.StepTimes;
import org.expertgrid.decoder.batching.Continuation;
import org.expertgrid.decoder.grammar.Constraint;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.decoder.sampling.Sampler;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.decoder.sampling.StopTexts;
import org.expertgrid.decoder.sampling.TokenHistory;
import org.expertgrid.decoder.tokens.TextStream;
import org.expertgrid.decoder.tokens.Tokenizer;

/** One text while it is made, for the thread that drives the steps; {@link #handle} is for others. */
final class GeneratedText implements Continuation {
    private final GenerationRequest request;
    private final Optional<Constraint> constraint;
    private final Set<Integer> endIds;
    private final Sampler sampler;
    private final GenerationListener listener;
    private final TokenHistory history;
    /** Nothing where the checkpoint has no tokenizer. */
    private final Optional<TextStream> stream;

    private final StopTexts stops;
    private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
    private final List<SampledToken> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final long submitted = System.nanoTime();

    private volatile boolean cancelled;
    private FinishReason ended;
    private StepTimes steps = StepTimes.NONE;
    private long firstStep;
    private long firstToken;
    private long lastToken;

    GeneratedText(
            GenerationRequest request,
            Optional<Constraint> constraint,
            Optional<Tokenizer> tokenizer,
            Set<Integer> endIds,
            Sampler sampler,
            GenerationListener listener) {
        this.request = request;
        this.constraint = constraint;
        this.endIds = endIds;
        this.sampler = sampler;
        this.listener = listener;
        this.history = new TokenHistory(request.prompt());
        this.stream = tokenizer.map(known -> known.stream(true, request.withSpecialTokens()));
        this.stops = new StopTexts(request.sampling().stopTexts());
    }

    Generation handle() {
        return new Generation(result, () -> cancelled = true);
    }

    @Override
    public boolean isStopped() {
        if (cancelled) {
            ended = FinishReason.CANCELLED;
        } else if (request.timeLimit().isPresent()
                && System.nanoTime() - submitted > request.timeLimit().get().toNanos()) {
            ended = FinishReason.DEADLINE;
        }
        return ended != null;
    }

    @Override
    public void stepped(StepTimes times, int count) {
        if (firstStep == 0) {
            firstStep = System.nanoTime() - times.total();
        }
        steps = steps.plus(times);
    }

    @Override
    public OptionalInt next(float[] logits) {
        Sampling sampling = request.sampling();
        SampledToken token = sampler.next(
                logits, sampling, history, constraint.map(Constraint::allowed).orElse(null));
        lastToken = System.nanoTime();
        if (firstToken == 0) {
            firstToken = lastToken;
        }
        boolean ends = sampling.stopIds().contains(token.id()) || !sampling.ignoreEnd() && endIds.contains(token.id());
        if (ends) {
            ended = FinishReason.STOP;
            return OptionalInt.empty();
        }
        constraint.ifPresent(json -> json.add(token.id()));
        history.add(token.id());
        tokens.add(token);
        listener.token(token);
        give(stops.add(stream.map(known -> known.add(token.id())).orElse("")));
        if (stops.found().isPresent()) {
            ended = FinishReason.STOP;
        } else if (tokens.size() == sampling.maxTokens()) {
            ended = FinishReason.LENGTH;
        }
        return ended == null ? OptionalInt.of(token.id()) : OptionalInt.empty();
    }

    private void give(String piece) {
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.text(piece);
        }
    }

    @Override
    public void left() {
        if (stops.found().isEmpty()) {
            give(stops.add(stream.map(TextStream::end).orElse("")));
        }
        if (stops.found().isEmpty()) {
            give(stops.end());
        }
        long begun = firstStep == 0 ? System.nanoTime() : firstStep;
        GenerationResult made = new GenerationResult(
                request.prompt().length,
                tokens,
                text.toString(),
                ended == null ? FinishReason.LENGTH : ended,
                new GenerationTimes(
                        begun - submitted, firstToken == 0 ? 0 : firstToken - begun, lastToken - firstToken, steps));
        listener.ended(made);
        result.complete(made);
    }

    @Override
    public void failed(Throwable cause) {
        try {
            listener.failed(cause);
        } catch (RuntimeException | Error e) {
            if (e != cause) {
                cause.addSuppressed(e);
            }
        }
        result.completeExceptionally(cause);
    }
}
