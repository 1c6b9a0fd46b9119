package org.expertgrid.checkpoints.narrowing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.FamilyFolders;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowedWeightsTest {

    @ParameterizedTest
    @CsvSource({"INT8, 1e-3, 1e-2", "INT4, 2e-2, 2e-1"})
    void fewerBitsCostWhatTheirErrorsSay(WeightFormat format, double least, double most) {
        NarrowedWeights narrowed = narrowed("qwen2_moe", format);
        NarrowingErrors errors = everyExpert(narrowed).errors();
        assertThat(errors.byMatrix())
                .isNotEmpty()
                .allSatisfy((role, error) -> assertThat(error).as(role.label()).isBetween(least, most));
        assertThat(errors.ofOutput()).isBetween(least / 2, 2 * most);
    }

    @Test
    void weightsStoredInBf16LoseNothingAsBf16OrFloat32() {
        for (WeightFormat format : new WeightFormat[] {WeightFormat.BF16, WeightFormat.FLOAT32}) {
            NarrowedWeights narrowed = narrowed("llama4_text", format);
            assertThat(everyExpert(narrowed).errors().ofOutput())
                    .as("%s", format)
                    .isZero();
        }
    }

    @Test
    void everyMatrixHasTheFormatThatWasAskedFor() {
        NarrowedWeights narrowed = narrowed("gpt_oss-mxfp4", WeightFormat.INT8);
        ExpertWeights expert = narrowed.expert(0);
        assertThat(expert.matrices()).allMatch(matrix -> matrix.weight().format() == WeightFormat.INT8);
        assertThat(narrowed.format(0, expert.shape().matrices().get(0).role())).isEqualTo(WeightFormat.INT8);
    }

    private static NarrowedWeights narrowed(String family, WeightFormat format) {
        Checkpoint checkpoint = Checkpoint.open(FamilyFolders.folder(family));
        MoeWeights layer = checkpoint.layer(checkpoint.moeLayers().moeLayers().get(0));
        return new NarrowedWeights(layer, format, KernelsChoice.best());
    }

    private static NarrowedWeights everyExpert(NarrowedWeights weights) {
        IntStream.range(0, weights.shape().allExperts()).forEach(weights::expert);
        return weights;
    }
}
