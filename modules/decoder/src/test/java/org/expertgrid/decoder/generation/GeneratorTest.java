package org.expertgrid.decoder.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.TinyAusten;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.batching.QueueFullException;
import org.expertgrid.decoder.grammar.JsonGrammar;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts of the model that the project ships. */
@Tag("slow")
class GeneratorTest {
    private static final GenerationListener SILENT = new GenerationListener() {};
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Tokenizer tokenizer = Tokenizer.open(TinyAusten.FOLDER);
    private final List<Generator> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Generator::close);
        tokenizer.close();
    }

    private Generator open(DecoderOptions options, BatchLimits limits) {
        Decoder decoder = Decoder.open(Checkpoint.open(TinyAusten.FOLDER), options);
        Generator generator = new Generator(decoder, tokenizer, limits);
        opened.add(generator);
        return generator;
    }

    private Generator open() {
        return open(DecoderOptions.defaults(), BatchLimits.DEFAULT);
    }

    private GenerationRequest request(String prompt, Sampling.Builder sampling) {
        return new GenerationRequest(tokenizer.encode(prompt), sampling.build());
    }

    private static Sampling.Builder greedy(int tokens) {
        return Sampling.builder().temperature(0).ignoreEnd(true).maxTokens(tokens);
    }

    @Test
    void theGreedyTextIsThatOfTransformers() {
        var stored = Tensors.ofFile(TinyAusten.FOLDER.resolve("golden.safetensors"))
                .get("generated_ids")
                .read()
                .asLongBuffer();
        int[] expected = new int[stored.remaining()];
        Arrays.setAll(expected, i -> (int) stored.get(i));
        StringBuilder pieces = new StringBuilder();
        List<Integer> tokens = new ArrayList<>();
        GenerationResult result = open().generate(request("It was a", greedy(48)), new GenerationListener() {
            @Override
            public void token(SampledToken token) {
                tokens.add(token.id());
            }

            @Override
            public void text(String piece) {
                pieces.append(piece);
            }
        });
        assertThat(result.ids()).isEqualTo(expected);
        assertThat(tokens)
                .containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
        assertThat(result.text()).isEqualTo(tokenizer.decode(expected)).isEqualTo(pieces.toString());
        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(result.promptTokens()).isEqualTo(tokenizer.encode("It was a").length);
        assertThat(result.times().expertShare()).isBetween(0.0, 1.0);
    }

    @Test
    void aTextDoesNotDependOnTheTextsBesideIt() throws InterruptedException {
        BatchLimits narrow = new BatchLimits(7, 3, 100);
        Generator alone = open();
        Generator together = open(DecoderOptions.defaults(), narrow);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            String prompt = "She had been ".repeat(1 + 5 * (i % 4));
            requests.add(request(
                    prompt,
                    Sampling.builder().temperature(0.8).seed(i).ignoreEnd(true).maxTokens(10 + i)));
        }
        List<Generation> running = new ArrayList<>();
        requests.forEach(request -> running.add(together.submit(request, SILENT)));
        for (int i = 0; i < requests.size(); i++) {
            GenerationResult expected = alone.generate(requests.get(i), SILENT);
            assertThat(running.get(i).await().ids()).as("request " + i).isEqualTo(expected.ids());
        }
    }

    @Test
    void aTextThatGivesItsMemoryUpGoesOnAsIfNothingHadHappened() throws InterruptedException {
        GenerationRequest request = request("It was a", greedy(100));
        int[] expected = open().generate(request, SILENT).ids();
        Generator crowded = open(DecoderOptions.defaults().withMostCachedTokens(128), BatchLimits.DEFAULT);
        List<Generation> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(crowded.submit(request, SILENT));
        }
        for (Generation generation : running) {
            assertThat(generation.await().ids()).isEqualTo(expected);
        }
        assertThat(crowded.status().readAgain()).isPositive();
        assertThat(crowded.status().cachedTokens()).isZero();
    }

    @Test
    void aStopTextEndsTheTextBeforeIt() {
        Generator generator = open();
        String whole =
                generator.generate(request("It was a", greedy(48)), SILENT).text();
        String stop = whole.substring(20, 25);
        GenerationResult result =
                generator.generate(request("It was a", greedy(48).stopTexts(List.of(stop))), SILENT);
        assertThat(result.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aTextThatIsHeldToJsonIsJson() throws Exception {
        GenerationResult result = open().generate(
                        request("It was a", Sampling.builder().temperature(0).maxTokens(200))
                                .withGrammar(JsonGrammar.ofSchema(Map.of("enum", List.of("a, b", 17)))),
                        SILENT);
        assertThat(List.of("\"a, b\"", "17")).contains(result.text());
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aCancelledTextHasWhatWasMadeUntilThen() {
        CountDownLatch fifth = new CountDownLatch(5);
        Generator generator = open();
        GenerationResult[] result = new GenerationResult[1];
        Generation[] generation = new Generation[1];
        CountDownLatch submitted = new CountDownLatch(1);
        generation[0] = generator.submit(request("It was a", greedy(400)), new GenerationListener() {
            @Override
            public void token(SampledToken token) {
                awaitUninterrupted(submitted);
                fifth.countDown();
                if (fifth.getCount() == 0) {
                    generation[0].cancel();
                }
            }

            @Override
            public void ended(GenerationResult ended) {
                result[0] = ended;
            }
        });
        submitted.countDown();
        assertThat(awaited(generation[0]).finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result[0].ids()).hasSize(5);
        assertThat(generator.status().cachedTokens()).isZero();
    }

    @Test
    void anInterruptedCallerHasWhatWasMadeUntilThenAndStaysInterrupted() {
        Thread caller = Thread.currentThread();
        GenerationResult result = open().generate(request("It was a", greedy(500)), new GenerationListener() {
            @Override
            public void token(SampledToken token) {
                caller.interrupt();
            }
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(result.finishReason()).isIn(FinishReason.CANCELLED, FinishReason.LENGTH);
        assertThat(result.ids()).isNotEmpty();
    }

    @Test
    void aTextWhoseTimeIsOverEnds() {
        GenerationRequest request = request("It was a", greedy(400)).withTimeLimit(Duration.ofNanos(1));
        GenerationResult result = open().generate(request, SILENT);
        assertThat(result.finishReason()).isEqualTo(FinishReason.DEADLINE);
        assertThat(result.text()).isEmpty();
    }

    @Test
    void aPromptThatIsTooLongIsRefusedAtOnceWithItsLength() {
        int[] prompt = new int[600];
        assertThatThrownBy(() -> open().submit(new GenerationRequest(prompt, Sampling.GREEDY), SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens of the prompt: 600 (expected: 1 to 512)");
    }

    @Test
    void aTextEndsWhereTheModelCanReadNoMore(@TempDir Path folder) throws IOException {
        Files.copy(TinyAusten.FOLDER.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        String config = Files.readString(TinyAusten.FOLDER.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replace("\"max_position_embeddings\": 512", "\"max_position_embeddings\": 32"));
        Decoder decoder = Decoder.open(Checkpoint.open(folder), DecoderOptions.defaults());
        assertThat(decoder.mostTokens()).isEqualTo(32);
        try (Generator generator = new Generator(decoder, tokenizer, BatchLimits.DEFAULT)) {
            GenerationResult result = generator.generate(
                    new GenerationRequest(new int[30], greedy(1000).build()), SILENT);
            assertThat(result.ids()).hasSize(3);
            assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void aFailedStepFailsItsTextsAndTheNextOnesAreMade() {
        AtomicInteger calls = new AtomicInteger();
        Checkpoint checkpoint = Checkpoint.open(TinyAusten.FOLDER);
        DecoderOptions options = DecoderOptions.defaults();
        DecoderOptions failing = options.withExpertLayers(number -> {
            Layer layer = new BatchedMoe(checkpoint.layer(number), options.kernels(), options.team());
            return x -> {
                if (calls.incrementAndGet() == 7) {
                    throw new IllegalStateException("the seventh call fails");
                }
                return layer.forward(x);
            };
        });
        Generator generator = open(failing, BatchLimits.DEFAULT);
        GenerationRequest request = request("It was a", greedy(10));
        assertThatThrownBy(() -> generator.generate(request, SILENT)).hasMessage("the seventh call fails");
        assertThat(generator.generate(request, SILENT).ids())
                .isEqualTo(open().generate(request, SILENT).ids());
        assertThat(generator.status().cachedTokens()).isEqualTo(0);
    }

    @Test
    void anExceptionOfAListenerEndsItsTextAlone() throws InterruptedException {
        Generator generator = open();
        Generation broken = generator.submit(request("It was a", greedy(20)), new GenerationListener() {
            @Override
            public void text(String piece) {
                throw new IllegalStateException("the connection is closed");
            }
        });
        Generation whole = generator.submit(request("It was a", greedy(20)), SILENT);
        assertThatThrownBy(broken::await).hasMessage("the connection is closed");
        assertThat(whole.await().ids()).hasSize(20);
    }

    @Test
    void oneTextTooManyIsRefusedWhileTheOthersWait() {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Generator generator = open(DecoderOptions.defaults(), new BatchLimits(64, 1, 1));
        Generation first = generator.submit(request("It was a", greedy(2)), new GenerationListener() {
            @Override
            public void token(SampledToken token) {
                begun.countDown();
                awaitUninterrupted(goOn);
            }
        });
        awaitUninterrupted(begun);
        Generation second = generator.submit(request("It was a", greedy(2)), SILENT);
        assertThatThrownBy(() -> generator.submit(request("It was a", greedy(2)), SILENT))
                .isInstanceOf(QueueFullException.class)
                .hasMessage("sequences: 1 that run and 1 that wait (expected: fewer; try again later)");
        goOn.countDown();
        assertThat(awaited(first).ids()).isEqualTo(awaited(second).ids());
    }

    @Test
    void closingFailsTheTextsThatAreLeft() {
        Generator generator = open();
        CountDownLatch begun = new CountDownLatch(1);
        Generation generation = generator.submit(request("It was a", greedy(400)), new GenerationListener() {
            @Override
            public void token(SampledToken token) {
                begun.countDown();
            }
        });
        awaitUninterrupted(begun);
        generator.close();
        assertThat(generation.isDone()).isTrue();
        assertThatThrownBy(() -> generator.submit(request("It was a", greedy(4)), SILENT))
                .isInstanceOf(IllegalStateException.class);
    }

    private static GenerationResult awaited(Generation generation) {
        try {
            return generation.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
