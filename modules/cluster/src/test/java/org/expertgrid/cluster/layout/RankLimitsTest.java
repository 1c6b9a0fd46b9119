package org.expertgrid.cluster.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankLimitsTest {
    @ParameterizedTest
    @CsvSource({"REDUCE, 12, 5, 12", "REDUCE, 5, 12, 5", "CONCAT, 12, 5, 5", "CONCAT, 5, 12, 5"})
    void ranksAreAtMostWhatIsDivided(Exchange exchange, int hidden, int outputs, int most) {
        MoeShape shape = new MoeShape(1, hidden, outputs, 1);

        assertThat(problems(exchange, most, shape)).isEmpty();
        assertThat(problems(exchange, most + 1, shape))
                .containsExactly("--ranks: " + (most + 1) + " (expected: at most " + most
                        + ", so that each rank has a part of every weight)");
    }

    @ParameterizedTest
    @CsvSource({"FLOAT64, 1048576", "FLOAT32, 2097152"})
    void aRowOfARanksPartFitsATile(ElementType type, int widest) {
        MoeShape shape = new MoeShape(1, 2 * widest, 1, 1);

        assertThat(problems(Exchange.REDUCE, 2, shape, type)).isEmpty();
        assertThat(problems(Exchange.REDUCE, 1, shape, type))
                .containsExactly("--ranks: 1 (expected: so many that a rank's part of a weight is at most " + widest
                        + " columns wide)");
    }

    @Test
    void outputsThatNoNumberOfRanksMakesFewerAreNamed() {
        int widest = TileSizes.maximumOutputs(ElementType.FLOAT64);
        MoeShape shape = new MoeShape(1, 4, widest + 1, 1);

        assertThat(problems(Exchange.CONCAT, 2, shape)).isEmpty();
        assertThat(problems(Exchange.REDUCE, 2, shape))
                .containsExactly("outputDim: " + (widest + 1) + " (expected: at most " + widest
                        + " with REDUCE, where every rank has all of them; CONCAT divides them)");
    }

    @Test
    void noRanksAreOneProblemAndNoMore() {
        assertThat(problems(Exchange.REDUCE, 0, new MoeShape(1, 1, 1, 1)))
                .containsExactly("--ranks: 0 (expected: at least 1)");
    }

    private static List<String> problems(Exchange exchange, int ranks, MoeShape shape) {
        return problems(exchange, ranks, shape, ElementType.FLOAT64);
    }

    private static List<String> problems(Exchange exchange, int ranks, MoeShape shape, ElementType type) {
        return new RankLimits(exchange, shape, type)
                .expect(new Problems(), "--ranks", ranks)
                .found();
    }
}
