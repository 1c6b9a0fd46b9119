package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.expertgrid.decoder.caches.CacheType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sequence's logits have the same bits whatever it is batched with, and however its tokens are cut into steps. */
@Tag("slow")
class SameLogitsTest {
    /** More than two pages of a cache, and several windows and chunks of attention. */
    private static final int LENGTH = 150;

    @ParameterizedTest
    @CsvSource({
        "olmoe, FLOAT32, 1",
        "olmoe, BF16, 2",
        "gpt_oss, FLOAT32, 2",
        "mixtral-sliding, FLOAT32, 1",
        "deepseek_v2, FLOAT32, 1",
        "deepseek_v2, BF16, 2",
        "llama4_text, FLOAT32, 1"
    })
    void logitsDependOnTheSequenceAlone(String family, CacheType cacheType, int groups) {
        Golden golden = Golden.ofFamily(family);
        Decoder decoder =
                golden.open(DecoderOptions.defaults().withCacheType(cacheType).withGroups(groups));
        for (long seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            int[][] texts = new int[3][];
            for (int s = 0; s < texts.length; s++) {
                texts[s] = random.ints(LENGTH, 0, decoder.architecture().vocabularySize())
                        .toArray();
            }
            List<Matrix> cut = cutAtRandom(decoder, texts, random);
            for (int s = 0; s < texts.length; s++) {
                assertThat(cut.get(s)).as("seed " + seed + ", sequence " + s).isEqualTo(alone(decoder, texts[s]));
            }
        }
    }

    private static Matrix alone(Decoder decoder, int[] text) {
        try (Sequence sequence = decoder.begin(text.length)) {
            return decoder.step(List.of(new Chunk(sequence, text, text.length)))
                    .logits()
                    .get(0);
        }
    }

    /** Each step reads a random part of a random choice of the texts, in a random order. */
    private static List<Matrix> cutAtRandom(Decoder decoder, int[][] texts, Random random) {
        List<Sequence> sequences = new ArrayList<>();
        List<List<Matrix>> parts = new ArrayList<>();
        for (int[] text : texts) {
            sequences.add(decoder.begin(text.length));
            parts.add(new ArrayList<>());
        }
        List<Integer> open = new ArrayList<>(List.of(0, 1, 2));
        while (!open.isEmpty()) {
            Collections.shuffle(open, random);
            List<Integer> chosen = List.copyOf(open.subList(0, 1 + random.nextInt(open.size())));
            List<Chunk> chunks = new ArrayList<>();
            for (int s : chosen) {
                int from = sequences.get(s).length();
                int count = Math.min(texts[s].length - from, 1 + random.nextInt(random.nextBoolean() ? 3 : 90));
                chunks.add(new Chunk(sequences.get(s), Arrays.copyOfRange(texts[s], from, from + count), count));
            }
            List<Matrix> logits = decoder.step(chunks).logits();
            for (int i = 0; i < chosen.size(); i++) {
                parts.get(chosen.get(i)).add(logits.get(i));
            }
            open.removeIf(s -> sequences.get(s).length() == texts[s].length);
        }
        sequences.forEach(Sequence::close);
        return parts.stream().map(SameLogitsTest::below).toList();
    }

    private static Matrix below(List<Matrix> parts) {
        int columns = parts.get(0).columns();
        float[] all = new float[LENGTH * columns];
        int to = 0;
        for (Matrix part : parts) {
            float[] elements = part.toFloatArray();
            System.arraycopy(elements, 0, all, to, elements.length);
            to += elements.length;
        }
        return Matrix.wrap(LENGTH, columns, all);
    }
}
