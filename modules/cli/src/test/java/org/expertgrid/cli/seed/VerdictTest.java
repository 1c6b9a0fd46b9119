package org.expertgrid.cli.seed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.expertgrid.cli.seed.SeedExercise.Outcome;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

/** With outcomes that are made up, since a cluster gives neither wrong numbers nor certain times. */
class VerdictTest {
    private static final Outcome SIMPLE = new Outcome(Matrix.of(1, 2, 3.0, 4.0), 100);
    private static final Outcome FAST_AND_RIGHT = new Outcome(Matrix.of(1, 2, 3.0, 4.0625), 49);

    private static Verdict on(Outcome distributed, MemberLoss... losses) {
        return new Verdict(
                new Comparison(SIMPLE, SIMPLE, distributed),
                Optional.of(losses).filter(seen -> seen.length > 0).map(seen -> seen[0]),
                3);
    }

    @Test
    void aClusterThatIsFastAndRightPasses() {
        Verdict verdict = on(FAST_AND_RIGHT);

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.lines()).containsExactly("✅ speed-up 2.04 > 2", "✅ |sum difference| 0.0625 <= 0.1");
    }

    @Test
    void twiceAsFastIsNotFastEnough() {
        Verdict verdict = on(new Outcome(SIMPLE.output(), 50));

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.lines()).containsExactly("❌ speed-up 2.00 > 2", "✅ |sum difference| 0.00 <= 0.1");
    }

    @Test
    void aWrongSumFailsHoweverFastItCame() {
        for (double wrong : new double[] {3.8, 4.2, Double.NaN, Double.POSITIVE_INFINITY}) {
            Verdict verdict = on(new Outcome(Matrix.of(1, 2, 3.0, wrong), 1));

            assertThat(verdict.passed()).as("%s", wrong).isFalse();
            assertThat(verdict.passed()).isFalse();
            assertThat(verdict.lines().get(1)).startsWith("❌ |sum difference|");
        }
    }

    @Test
    void answersThatALostMemberChangesFail() {
        Verdict unmoved = on(FAST_AND_RIGHT, new MemberLoss(12, 1e-13, 1e-12));
        Verdict moved = on(FAST_AND_RIGHT, new MemberLoss(12, 1e-11, 1e-12));

        assertThat(unmoved.passed()).isTrue();
        assertThat(unmoved.lines())
                .last()
                .isEqualTo(
                        "✅ one of 3 members killed under load: answers the same to 1.0e-13 of scale, longest gap 12 ms");
        assertThat(moved.passed()).isFalse();
        assertThat(moved.lines().get(2)).startsWith("❌ one of 3 members killed");
    }

    @Test
    void withoutRowsThereIsNothingToBeFasterAt() {
        Outcome none = new Outcome(Matrix.zeros(ElementType.FLOAT64, 0, 2), 1);

        assertThat(new Verdict(new Comparison(none, none, none), Optional.empty(), 1).passed())
                .isTrue();
    }
}
