package org.expertgrid.decoder.generation;

import java.util.Optional;
import java.util.Set;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.batching.BatchStatus;
import org.expertgrid.decoder.batching.Batching;
import org.expertgrid.decoder.batching.QueueFullException;
import org.expertgrid.decoder.grammar.Constraint;
import org.expertgrid.decoder.grammar.TokenTable;
import org.expertgrid.decoder.sampling.Sampler;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.decoder.tokens.Vocabulary;

/**
 * Makes texts: one, or many at the same time.
 *
 * <pre>
 *   try (Generator generator = new Generator(decoder, tokenizer, BatchLimits.DEFAULT)) {
 *       GenerationRequest request = new GenerationRequest(tokenizer.encode("It was a"), Sampling.GREEDY);
 *       GenerationResult result = generator.generate(request, listener);
 *   }
 * </pre>
 *
 * <p>Safe for use by many threads. Closing it ends all texts; decoder and tokenizer stay open.
 */
public final class Generator implements AutoCloseable {
    private final Decoder decoder;
    private final Optional<Tokenizer> tokenizer;
    private final Set<Integer> endIds;
    private final Sampler sampler;
    private final Batching batching;
    private TokenTable tokenTable;

    /** Starts the thread that makes the texts. */
    public Generator(Decoder decoder, Tokenizer tokenizer, BatchLimits limits) {
        this(decoder, Optional.of(tokenizer), tokenizer.endIds(), limits);
    }

    /**
     * Starts the thread that makes the texts, for a checkpoint that may have no tokenizer. Without one all texts are empty, and results have the
     * ids of their tokens alone.
     *
     * @param endIds the tokens with which the model ends a text
     */
    public Generator(Decoder decoder, Optional<Tokenizer> tokenizer, Set<Integer> endIds, BatchLimits limits) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.endIds = Set.copyOf(endIds);
        this.sampler = new Sampler(decoder.architecture().vocabularySize());
        this.batching = new Batching(decoder, limits);
    }

    /**
     * Checks that a text can be begun.
     *
     * @throws IllegalArgumentException as {@link #submit} does
     */
    public void check(GenerationRequest request) {
        batching.check(request.prompt(), mostTokens(request));
    }

    /**
     * Begins a text, which waits for its turn.
     *
     * @throws IllegalArgumentException if the prompt has a token that is not in the vocabulary, or is as long as model and caches allow or
     *     longer; the message has both numbers
     * @throws QueueFullException if too many texts are waiting
     * @throws IllegalStateException if this is closed
     */
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        Optional<Constraint> constraint =
                request.grammar().map(grammar -> new Constraint(grammar, vocabulary(), tokenTable()));
        GeneratedText text = new GeneratedText(request, constraint, tokenizer, endIds, sampler, listener);
        batching.submit(request.prompt(), mostTokens(request), text);
        return text.handle();
    }

    /** Made when a text has to be JSON for the first time: it takes a while. */
    private synchronized TokenTable tokenTable() {
        if (tokenTable == null) {
            tokenTable = new TokenTable(vocabulary(), endIds);
        }
        return tokenTable;
    }

    private Vocabulary vocabulary() {
        return tokenizer
                .map(Tokenizer::vocabulary)
                .orElseThrow(() -> new IllegalArgumentException(
                        "grammar: given (expected: none, because the checkpoint has no tokenizer)"));
    }

    /** The last token that is chosen is never read, so a text may be one longer than the caches. */
    private int mostTokens(GenerationRequest request) {
        long wanted = (long) request.prompt().length + request.sampling().maxTokens() - 1;
        return (int) Math.min(wanted, decoder.mostTokens());
    }

    /**
     * Makes a text and returns it. Where the thread is interrupted, the text is cancelled, the result has what was made until then, and the
     * thread stays interrupted.
     *
     * @throws IllegalArgumentException as {@link #submit} does
     * @throws QueueFullException as {@link #submit} does
     * @throws RuntimeException what ended the text, where it failed
     */
    public GenerationResult generate(GenerationRequest request, GenerationListener listener) {
        Generation generation = submit(request, listener);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return generation.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                    generation.cancel();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns what is being done now. */
    public BatchStatus status() {
        return batching.status();
    }

    /** Fails all texts that have not ended. */
    @Override
    public void close() {
        batching.close();
    }
}
