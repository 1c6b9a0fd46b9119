package org.expertgrid.decoder.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SamplingTest {

    @Test
    void theDefaultsChangeNothingAboutTheModelsChoice() {
        Sampling sampling = Sampling.builder().build();
        assertThat(sampling.temperature()).isEqualTo(1);
        assertThat(sampling.topK()).isZero();
        assertThat(sampling.topP()).isEqualTo(1);
        assertThat(sampling.minP()).isZero();
        assertThat(sampling.changesLogits()).isFalse();
        assertThat(sampling.isGreedy()).isFalse();
        assertThat(sampling.maxTokens()).isEqualTo(Integer.MAX_VALUE);
        assertThat(sampling.logProbabilities()).isEmpty();
        assertThat(sampling.stopTexts()).isEmpty();
        assertThat(sampling.stopIds()).isEmpty();
        assertThat(Sampling.GREEDY.isGreedy()).isTrue();
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        Sampling.Builder builder = Sampling.builder()
                .temperature(-1)
                .topK(-2)
                .topP(0)
                .minP(1.5)
                .repetitionPenalty(0)
                .presencePenalty(3)
                .frequencyPenalty(Double.NaN)
                .logitBias(Map.of(-1, 0.0, 5, 101.0))
                .stopTexts(List.of("a", ""))
                .stopIds(Set.of(-3))
                .maxTokens(0)
                .logProbabilities(101);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("temperature: -1.0 (expected: at least 0); "
                        + "topK: -2 (expected: at least 1, or 0 for all); "
                        + "topP: 0.0 (expected: more than 0, at most 1); "
                        + "minP: 1.5 (expected: 0 to 1); "
                        + "repetitionPenalty: 0.0 (expected: more than 0); "
                        + "presencePenalty: 3.0 (expected: -2 to 2); "
                        + "frequencyPenalty: NaN (expected: -2 to 2); "
                        + "maxTokens: 0 (expected: at least 1); "
                        + "logitBias: -1 (expected: ids from 0 on); "
                        + "logitBias.5: 101.0 (expected: -100 to 100); "
                        + "stopTexts: '' (expected: texts that are not empty); "
                        + "stopIds: -3 (expected: ids from 0 on); "
                        + "logProbabilities: 101 (expected: 0 to 100)");
        assertThatThrownBy(() -> Sampling.builder()
                        .temperature(Double.POSITIVE_INFINITY)
                        .topP(Double.NaN)
                        .build())
                .hasMessageContaining("temperature: Infinity")
                .hasMessageContaining("topP: NaN");
    }
}
