package org.expertgrid.decoder.generation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.decoder.Chunk;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.Sequence;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * A checkpoint that is ready to make texts: its decoder, its tokenizer, and the generator that shares steps among texts.
 *
 * <pre>
 *   try (LanguageModel model = LanguageModel.open(folder, DecoderOptions.defaults())) {
 *       model.generate(model.encode("It was a"), Sampling.GREEDY, System.out::print);
 *   }
 * </pre>
 *
 * <p>Safe for use by many threads. Closing it ends all texts.
 */
public final class LanguageModel implements AutoCloseable {
    private static final String TOKENIZER_FILE = "tokenizer.json";
    private static final int ROWS_OF_CHUNK = 256;

    private final Checkpoint checkpoint;
    private final Decoder decoder;
    private final Optional<Tokenizer> tokenizer;
    private final Generator generator;

    private LanguageModel(Checkpoint checkpoint, Decoder decoder, Optional<Tokenizer> tokenizer, BatchLimits limits) {
        this.checkpoint = checkpoint;
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        Set<Integer> endIds = tokenizer.map(Tokenizer::endIds).orElseGet(() -> Tokenizer.endIds(checkpoint.folder()));
        this.generator = new Generator(decoder, tokenizer, endIds, limits);
    }

    /** Opens a checkpoint, with {@link BatchLimits#DEFAULT}. */
    public static LanguageModel open(Path folder, DecoderOptions options) {
        return open(Checkpoint.open(folder), options, BatchLimits.DEFAULT);
    }

    /**
     * Opens a checkpoint. A checkpoint without {@code tokenizer.json} works with token ids alone.
     *
     * @throws BadFileException if a file is missing or wrong, or the model is not supported
     */
    public static LanguageModel open(Checkpoint checkpoint, DecoderOptions options, BatchLimits limits) {
        Path folder = checkpoint.folder();
        Optional<Tokenizer> tokenizer =
                Files.exists(folder.resolve(TOKENIZER_FILE)) ? Optional.of(Tokenizer.open(folder)) : Optional.empty();
        try {
            return new LanguageModel(checkpoint, Decoder.open(checkpoint, options), tokenizer, limits);
        } catch (RuntimeException | Error e) {
            tokenizer.ifPresent(Tokenizer::close);
            throw e;
        }
    }

    /** Returns the decoder. */
    public Decoder decoder() {
        return decoder;
    }

    /** Returns the generator, which takes many texts at the same time. */
    public Generator generator() {
        return generator;
    }

    /** Returns the tokenizer; nothing where the checkpoint has none. */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /**
     * Returns the tokens of a prompt.
     *
     * @throws BadFileException if the checkpoint has no tokenizer
     */
    public int[] encode(String prompt) {
        return knownTokenizer().encode(prompt);
    }

    /**
     * Returns the tokens of a conversation, as the checkpoint's default chat template renders it, up to where the answer begins.
     *
     * @param messages each with {@code role} and {@code content}
     * @throws BadFileException if the checkpoint has no tokenizer or no template
     */
    public int[] encodeChat(List<Map<String, String>> messages) {
        Tokenizer known = knownTokenizer();
        Map<String, Object> variables =
                known.templateVariables(Map.of("messages", messages, "add_generation_prompt", true));
        return known.encodeRendered(known.template("default").render(variables));
    }

    private Tokenizer knownTokenizer() {
        return tokenizer.orElseThrow(
                () -> new BadFileException(checkpoint.folder().resolve(TOKENIZER_FILE)
                        + ": no such file (expected: a tokenizer, or a prompt of token ids)"));
    }

    /**
     * Makes a text, and returns it when it has ended.
     *
     * @param prompt the tokens that the text follows
     * @param pieces takes the text piece by piece while it is made, on the thread that makes all texts
     */
    public GenerationResult generate(int[] prompt, Sampling sampling, Consumer<String> pieces) {
        return generator.generate(new GenerationRequest(prompt, sampling), new GenerationListener() {
            @Override
            public void text(String piece) {
                pieces.accept(piece);
            }
        });
    }

    /**
     * Returns the logits of every position of a prompt, {@code [prompt.length, vocabularySize]}.
     *
     * @throws IllegalArgumentException if the prompt is empty, is longer than the model can read, or has an unknown token
     */
    public Matrix logits(int[] prompt) {
        new Problems()
                .expect(prompt.length >= 1, "tokens of the prompt", prompt.length, "at least 1")
                .throwIfAny();
        List<Matrix> parts = new ArrayList<>();
        try (Sequence sequence = decoder.begin(prompt.length)) {
            for (int from = 0; from < prompt.length; from += ROWS_OF_CHUNK) {
                int[] tokens = Arrays.copyOfRange(prompt, from, Math.min(from + ROWS_OF_CHUNK, prompt.length));
                parts.addAll(decoder.step(List.of(new Chunk(sequence, tokens, tokens.length)))
                        .logits());
            }
        }
        Matrix first = parts.get(0);
        MatrixBuffer all = MatrixBuffer.allocate(first.elementType(), prompt.length, first.columns());
        int row = 0;
        for (Matrix part : parts) {
            all.copyRows(part, row);
            row += part.rows();
        }
        return all.toMatrix();
    }

    @Override
    public void close() {
        generator.close();
        tokenizer.ifPresent(Tokenizer::close);
    }
}
