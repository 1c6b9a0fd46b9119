package org.expertgrid.cluster.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.MoeShape;
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

    @Test
    void aPanelOfARanksPartFitsATile() {
        int most = TileSizes.mostInputs();
        MoeShape shape = new MoeShape(1, 2 * most, 1, 1);

        assertThat(problems(Exchange.REDUCE, 2, shape)).isEmpty();
        assertThat(problems(Exchange.REDUCE, 1, shape))
                .containsExactly("inputs of a rank's part of a weight: " + 2 * most + " (expected: at most " + most
                        + ", so that a panel of 64 bytes an input fits into a tile)");
    }

    @Test
    void noRanksAreOneProblemAndNoMore() {
        assertThat(problems(Exchange.REDUCE, 0, new MoeShape(1, 1, 1, 1)))
                .containsExactly("--ranks: 0 (expected: at least 1)");
    }

    private static List<String> problems(Exchange exchange, int ranks, MoeShape shape) {
        return new RankLimits(exchange, shape)
                .expect(new Problems(), "--ranks", ranks)
                .found();
    }
}
