package org.expertgrid.experts.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.expertgrid.experts.Examples;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {
    private static final int ROWS = 101;
    private static final int EXPERTS = 7;

    private static Routing routing(int topK) {
        SplittableRandom random = Examples.random(topK);
        Router router = new Router(Examples.router(ElementType.FLOAT64, 10, EXPERTS, random), RouterRule.seed(topK));
        return router.route(Examples.rows(ElementType.FLOAT64, ROWS, 10, random));
    }

    @Test
    void theRowsOfAnExpertStandInAscendingOrderWithTheirGates() {
        Routing routing =
                new Routing(3, 2, 4, new int[] {3, 0, 0, 1, 3, 1}, new double[] {.9, .1, .8, .2, .7, .3}, List.of());
        assertThat(routing.expert(0).rows()).containsExactly(0, 1);
        assertThat(routing.expert(0).gates()).containsExactly(.1, .8);
        assertThat(routing.expert(1).rows()).containsExactly(1, 2);
        assertThat(routing.expert(1).gates()).containsExactly(.2, .3);
        assertThat(routing.expert(2).count()).isZero();
        assertThat(routing.expert(3).rows()).containsExactly(0, 2);
        assertThat(routing.expert(3).gates()).containsExactly(.9, .7);
        assertThat(routing.byExpert()).hasSize(4);
        assertThat(routing.experts()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void everyChoiceStandsWithItsExpertOnce(int topK) {
        Routing routing = routing(topK);
        int slots = 0;
        for (int expert = 0; expert < EXPERTS; expert++) {
            GatedRows gated = routing.expert(expert);
            slots += gated.count();
            assertThat(gated).isSameAs(routing.byExpert().get(expert));
            assertThat(gated.rows()).isSorted().doesNotHaveDuplicates();
            for (int i = 0; i < gated.count(); i++) {
                int k = choiceOf(routing, gated.rows()[i], expert);
                assertThat(gated.gates()[i]).isEqualTo(routing.gate(gated.rows()[i], k));
            }
        }
        assertThat(slots).isEqualTo(ROWS * topK);
    }

    private static int choiceOf(Routing routing, int row, int expert) {
        for (int k = 0; k < routing.topK(); k++) {
            if (routing.index(row, k) == expert) {
                return k;
            }
        }
        throw new AssertionError("row " + row + " was not routed to expert " + expert);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void theGatesOfARowFallAndSumToOne(int topK) {
        Routing routing = routing(topK);
        for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            for (int k = 0; k < topK; k++) {
                sum += routing.gate(row, k);
                assertThat(routing.gate(row, k))
                        .isPositive()
                        .isLessThanOrEqualTo(routing.gate(row, Math.max(0, k - 1)));
            }
            assertThat(sum).isCloseTo(1, within(1e-15));
        }
    }

    @Test
    void aRowOrChoiceThatIsNotThereIsRefused() {
        Routing routing = new Router(Examples.router(ElementType.FLOAT64, 2, 5, Examples.random(1)), RouterRule.seed(2))
                .route(Matrix.zeros(ElementType.FLOAT64, 3, 2));
        for (int[] wrong : new int[][] {{0, 2}, {0, -1}, {1, -1}, {3, 0}, {-1, 2}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> routing.index(wrong[0], wrong[1]));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> routing.gate(wrong[0], wrong[1]));
        }
    }

    @Test
    void aPartOfTheBatchHasItsOwnRowsNumberedFromZero() {
        Routing routing = routing(2);
        for (int[] part : new int[][] {{0, ROWS}, {0, 1}, {1, 1}, {3, 50}, {50, ROWS}, {ROWS, ROWS}}) {
            List<GatedRows> byExpert = routing.byExpert(part[0], part[1]);
            assertThat(byExpert).hasSize(EXPERTS);
            assertThat(byExpert.stream().mapToInt(GatedRows::count).sum()).isEqualTo(2 * (part[1] - part[0]));
            for (int expert = 0; expert < EXPERTS; expert++) {
                GatedRows gated = byExpert.get(expert);
                for (int i = 0; i < gated.count(); i++) {
                    int row = gated.rows()[i] + part[0];
                    assertThat(row).isLessThan(part[1]);
                    assertThat(gated.gates()[i]).isEqualTo(routing.gate(row, choiceOf(routing, row, expert)));
                }
            }
        }
    }
}
