package org.expertgrid.decoder.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private static final float FORBIDDEN = Float.NEGATIVE_INFINITY;
    /** Probabilities 0.5, 0.25, 0.125, 0.125, but not in that order. */
    private static final float[] HALVES = {log(0.125), log(0.5), log(0.125), log(0.25)};

    private static float log(double probability) {
        return (float) Math.log(probability);
    }

    private static int greedy(float[] logits, Sampling sampling, int... chosen) {
        TokenHistory history = new TokenHistory(new int[0]);
        for (int id : chosen) {
            history.add(id);
        }
        return new Sampler(logits.length).next(logits, sampling, history, null).id();
    }

    /** Returns what is drawn at the first {@code count} places, each from the same logits. */
    private static int[] drawn(float[] logits, Sampling sampling, int count) {
        Sampler sampler = new Sampler(logits.length);
        TokenHistory history = new TokenHistory(new int[0]);
        return IntStream.range(0, count)
                .map(place -> {
                    int id = sampler.next(logits, sampling, history, null).id();
                    history.add(id);
                    return id;
                })
                .toArray();
    }

    private static TreeSet<Integer> support(float[] logits, Sampling sampling) {
        return IntStream.of(drawn(logits, sampling, 2_000)).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void temperatureZeroTakesTheMostProbableAndAmongEqualsTheLowest() {
        assertThat(greedy(new float[] {1, 3, 2}, Sampling.GREEDY)).isEqualTo(1);
        assertThat(greedy(new float[] {1, 3, 3, 3}, Sampling.GREEDY)).isEqualTo(1);
        assertThat(greedy(new float[] {0f, -0f}, Sampling.GREEDY)).isZero();
        assertThat(greedy(new float[] {-0f, 0f}, Sampling.GREEDY)).isZero();
        assertThat(greedy(new float[] {FORBIDDEN, -1e30f}, Sampling.GREEDY)).isEqualTo(1);
    }

    @Test
    void aLogitThatIsNoNumberIsAnErrorAndNoToken() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (Sampling sampling : List.of(Sampling.GREEDY, Sampling.builder().build())) {
                assertThatThrownBy(() -> greedy(new float[] {1, bad, 2}, sampling))
                        .isInstanceOf(BadLogitsException.class)
                        .hasMessage("logits[1]: " + bad + " (expected: a number below infinity)");
            }
        }
        assertThatThrownBy(() -> greedy(new float[] {FORBIDDEN, FORBIDDEN}, Sampling.GREEDY))
                .isInstanceOf(BadLogitsException.class)
                .hasMessageStartingWith("logits: minus infinity for all tokens");
        Sampler sampler = new Sampler(2);
        assertThatThrownBy(() ->
                        sampler.next(new float[] {1, 2}, Sampling.GREEDY, new TokenHistory(new int[0]), new BitSet()))
                .isInstanceOf(BadLogitsException.class);
    }

    @Test
    void logitsAndBiasesMustFitTheVocabulary() {
        Sampler sampler = new Sampler(2);
        TokenHistory history = new TokenHistory(new int[0]);
        Sampling biased = Sampling.builder().logitBias(Map.of(2, 1.0)).build();
        assertThatThrownBy(() -> sampler.next(new float[3], biased, history, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("logits: 3 (expected: the sampler's 2); logitBias: 2 (expected: ids below 2)");
    }

    @Test
    void onlyAllowedTokensAreChosen() {
        float[] logits = {5, 4, 3, 2};
        BitSet allowed = new BitSet();
        allowed.set(2);
        allowed.set(3);
        allowed.set(17);
        Sampler sampler = new Sampler(4);
        TokenHistory history = new TokenHistory(new int[0]);
        assertThat(sampler.next(logits, Sampling.GREEDY, history, allowed).id()).isEqualTo(2);
        for (int seed = 0; seed < 100; seed++) {
            Sampling hot = Sampling.builder().temperature(100).seed(seed).build();
            assertThat(sampler.next(logits, hot, history, allowed).id()).isIn(2, 3);
        }
    }

    @Test
    void penaltiesAndBiasesChangeTheChoice() {
        float[] logits = {2, 1.5f, -1, -1.5f};
        assertThat(greedy(logits, Sampling.GREEDY, 0)).isZero();
        Sampling.Builder builder = Sampling.builder().temperature(0);
        assertThat(greedy(logits, builder.presencePenalty(0.6).build(), 0)).isEqualTo(1);
        assertThat(greedy(logits, builder.presencePenalty(0.4).build(), 0, 0)).isZero();
        assertThat(greedy(
                        logits, builder.presencePenalty(0).frequencyPenalty(0.3).build(), 0))
                .isZero();
        assertThat(greedy(logits, builder.build(), 0, 0)).isEqualTo(1);
        assertThat(greedy(
                        logits,
                        builder.frequencyPenalty(0).repetitionPenalty(1.5).build(),
                        0))
                .isEqualTo(1);
        assertThat(greedy(new float[] {-1, -1.5f}, builder.build(), 0)).isZero();
        assertThat(greedy(new float[] {-1, -1.2f}, builder.build(), 0)).isEqualTo(1);
        assertThat(greedy(
                        logits,
                        Sampling.builder()
                                .temperature(0)
                                .logitBias(Map.of(3, 4.0))
                                .build()))
                .isEqualTo(3);
    }

    @Test
    void onlyTheRepetitionPenaltyCountsThePrompt() {
        Sampler sampler = new Sampler(2);
        TokenHistory history = new TokenHistory(new int[] {0, 0, 99});
        float[] logits = {2, 1.5f};
        Sampling.Builder builder = Sampling.builder().temperature(0);
        assertThat(sampler.next(
                                logits,
                                builder.presencePenalty(2).frequencyPenalty(2).build(),
                                history,
                                null)
                        .id())
                .isZero();
        assertThat(sampler.next(logits, builder.repetitionPenalty(2).build(), history, null)
                        .id())
                .isEqualTo(1);
    }

    @Test
    void topKTopPAndMinPKeepTheMostProbable() {
        assertThat(support(HALVES, Sampling.builder().build())).containsExactly(0, 1, 2, 3);
        assertThat(support(HALVES, Sampling.builder().topK(1).build())).containsExactly(1);
        assertThat(support(HALVES, Sampling.builder().topK(2).build())).containsExactly(1, 3);
        assertThat(support(HALVES, Sampling.builder().topK(3).build())).containsExactly(0, 1, 3);
        assertThat(support(HALVES, Sampling.builder().topK(9).build())).containsExactly(0, 1, 2, 3);
        assertThat(support(HALVES, Sampling.builder().topP(0.4).build())).containsExactly(1);
        assertThat(support(HALVES, Sampling.builder().topP(0.7).build())).containsExactly(1, 3);
        assertThat(support(HALVES, Sampling.builder().topP(0.8).build())).containsExactly(0, 1, 3);
        assertThat(support(HALVES, Sampling.builder().topP(0.9).build())).containsExactly(0, 1, 2, 3);
        assertThat(support(HALVES, Sampling.builder().minP(0.4).build())).containsExactly(1, 3);
        assertThat(support(HALVES, Sampling.builder().minP(0.2).build())).containsExactly(0, 1, 2, 3);
        assertThat(support(HALVES, Sampling.builder().minP(1).build())).containsExactly(1);
        // Top-p counts within what top-k keeps: 0.5 of 0.75.
        assertThat(support(HALVES, Sampling.builder().topK(2).topP(0.6).build()))
                .containsExactly(1);
        assertThat(support(
                        HALVES, Sampling.builder().topK(3).topP(0.9).minP(0.4).build()))
                .containsExactly(1, 3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, -4, Long.MIN_VALUE})
    void tokensAreDrawnWithTheirProbabilities(long seed) {
        double[] expected = {0.125, 0.5, 0.125, 0.25};
        int draws = 20_000;
        for (Sampling.Builder builder : List.of(
                Sampling.builder(),
                Sampling.builder().topK(4),
                Sampling.builder().topP(0.9999))) {
            int[] counts = new int[4];
            for (int id : drawn(HALVES, builder.seed(seed).build(), draws)) {
                counts[id]++;
            }
            double chiSquare = 0;
            for (int id = 0; id < 4; id++) {
                chiSquare += Math.pow(counts[id] - draws * expected[id], 2) / (draws * expected[id]);
            }
            // With three degrees of freedom, one of a million fair samplers exceeds this.
            assertThat(chiSquare).as("seed %d", seed).isLessThan(30.7);
        }
    }

    @Test
    void temperatureSharpensAndFlattens() {
        int[] cold = drawn(HALVES, Sampling.builder().temperature(0.5).build(), 20_000);
        // Squared: 1, 16, 1 and 4 of 22.
        assertThat(IntStream.of(cold).filter(id -> id == 1).count() / 20_000.0).isCloseTo(16 / 22.0, within(0.02));
        int[] hot = drawn(HALVES, Sampling.builder().temperature(1e6).build(), 20_000);
        assertThat(IntStream.of(hot).filter(id -> id == 1).count() / 20_000.0).isCloseTo(0.25, within(0.02));
        int[] frozen =
                drawn(HALVES, Sampling.builder().temperature(Double.MIN_VALUE).build(), 100);
        assertThat(frozen).containsOnly(1);
    }

    @Test
    void theSameSeedGivesTheSameTextBesideOtherSequences() {
        float[] logits = randomLogits(7, 1_000);
        Sampling sampling = Sampling.builder().seed(42).topP(0.95).build();
        int[] alone = drawn(logits, sampling, 50);
        Sampler shared = new Sampler(logits.length);
        TokenHistory history = new TokenHistory(new int[0]);
        for (int expected : alone) {
            shared.next(
                    randomLogits(expected, 1_000),
                    Sampling.builder().seed(1).topK(5).build(),
                    history,
                    null);
            int id = shared.next(logits, sampling, history, null).id();
            assertThat(id).isEqualTo(expected);
            history.add(id);
        }
        assertThat(drawn(logits, Sampling.builder().seed(43).topP(0.95).build(), 50))
                .isNotEqualTo(alone);
    }

    @Test
    void aTextThatIsTakenUpGoesOnAsItWouldHave() {
        float[] logits = randomLogits(9, 500);
        Sampling sampling = Sampling.builder().seed(5).frequencyPenalty(0.5).build();
        int[] whole = drawn(logits, sampling, 40);
        TokenHistory history = new TokenHistory(new int[0]);
        IntStream.of(whole).limit(20).forEach(history::add);
        assertThat(history.length()).isEqualTo(20);
        Sampler sampler = new Sampler(logits.length);
        for (int place = 20; place < 40; place++) {
            int id = sampler.next(logits, sampling, history, null).id();
            assertThat(id).isEqualTo(whole[place]);
            history.add(id);
        }
    }

    @Test
    void probabilitiesAreThoseOfTheModelBeforeSamplingOptions() {
        float[] logits = randomLogits(3, 100);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        Sampling sampling = Sampling.builder()
                .temperature(0.3)
                .logitBias(Map.of(17, 100.0))
                .logProbabilities(5)
                .build();
        SampledToken token = new Sampler(100).next(logits, sampling, new TokenHistory(new int[0]), null);
        assertThat(token.id()).isEqualTo(17);
        SampledToken.Report report = token.report().orElseThrow();
        assertThat(report.chosen()).isCloseTo(logits[17] - Math.log(sum), within(1e-12));
        assertThat(report.top()).hasSize(5);
        List<Integer> sorted = IntStream.range(0, 100)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -logits[id]))
                .toList();
        for (int i = 0; i < 5; i++) {
            int id = sorted.get(i);
            assertThat(report.top().get(i).id()).isEqualTo(id);
            assertThat(report.top().get(i).logProbability()).isCloseTo(logits[id] - Math.log(sum), within(1e-12));
        }
        Sampling chosenOnly =
                Sampling.builder().temperature(0).logProbabilities(0).build();
        assertThat(new Sampler(100)
                        .next(logits, chosenOnly, new TokenHistory(new int[0]), null)
                        .report()
                        .orElseThrow()
                        .top())
                .isEmpty();
        assertThat(new Sampler(100)
                        .next(logits, Sampling.GREEDY, new TokenHistory(new int[0]), null)
                        .report())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void idsAreRankedByScoreAndThenById(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] scores = random.doubles(200)
                .map(x -> x < 0.1 ? Double.NEGATIVE_INFINITY : Math.floor(x * 20))
                .toArray();
        Ranking ranking = new Ranking(200);
        ranking.start(scores);
        List<Integer> ranked = new ArrayList<>();
        while (!ranking.isEmpty()) {
            ranked.add(ranking.next());
        }
        assertThat(ranked)
                .as("seed %d", seed)
                .isEqualTo(IntStream.range(0, 200)
                        .filter(id -> scores[id] > Double.NEGATIVE_INFINITY)
                        .boxed()
                        .sorted(Comparator.<Integer>comparingDouble(id -> -scores[id])
                                .thenComparing(id -> id))
                        .toList());
    }

    private static float[] randomLogits(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = (float) random.nextDouble(-4, 4);
        }
        return logits;
    }
}
