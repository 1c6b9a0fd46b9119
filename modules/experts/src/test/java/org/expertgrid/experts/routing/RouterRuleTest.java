package org.expertgrid.experts.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.expertgrid.experts.Examples;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way of choosing experts and of making gates, by hand and against each other. */
class RouterRuleTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** Routes one row whose logits are these. */
    private static Routing route(RouterRule rule, double... logits) {
        return route(rule, new double[logits.length], logits);
    }

    private static Routing route(RouterRule rule, double[] choiceBias, double... logits) {
        int experts = logits.length;
        RouterWeights weights = new RouterWeights(
                        Matrix.zeros(ElementType.FLOAT64, 1, experts), Matrix.of(1, experts, logits))
                .withChoiceBias(Matrix.of(1, experts, choiceBias));
        return new Router(weights, rule).route(Matrix.zeros(ElementType.FLOAT64, 1, 1));
    }

    private static List<Integer> choices(Routing routing) {
        return IntStream.range(0, routing.topK())
                .mapToObj(k -> routing.index(0, k))
                .toList();
    }

    private static double[] gates(Routing routing) {
        return IntStream.range(0, routing.topK())
                .mapToDouble(k -> routing.gate(0, k))
                .toArray();
    }

    private static double sigmoid(double value) {
        return 1 / (1 + Math.exp(-value));
    }

    /** A rule of each kind, for what must hold for all of them. */
    static Stream<RouterRule> rules() {
        return Stream.of(
                RouterRule.seed(2),
                RouterRule.of(2, ScoreFunction.SOFTMAX).withScale(16),
                RouterRule.of(2, ScoreFunction.LOGIT).withGates(GateFunction.SOFTMAX),
                RouterRule.of(2, ScoreFunction.LOGIT)
                        .withGates(GateFunction.SIGMOID)
                        .withGateOn(GateOn.INPUT),
                RouterRule.of(2, ScoreFunction.SIGMOID)
                        .withGroups(new ExpertGroups(2, 1, ExpertGroups.Score.SUM_OF_BEST_TWO, -INFINITY))
                        .withDivisor(GateDivisor.sumPlus(1e-20))
                        .withScale(2.5),
                RouterRule.of(2, ScoreFunction.SOFTMAX)
                        .withGroups(new ExpertGroups(2, 1, ExpertGroups.Score.MAXIMUM, 0)),
                RouterRule.of(2, ScoreFunction.SOFTMAX).withDivisor(GateDivisor.sumAtLeast(1e-12)),
                RouterRule.sparseMixer(2, 0.02));
    }

    @Test
    void withoutADivisorGatesAreTheProbabilitiesThemselves() {
        Routing routing = route(RouterRule.of(2, ScoreFunction.SOFTMAX), 0, Math.log(2), Math.log(5));
        assertThat(choices(routing)).containsExactly(2, 1);
        assertThat(gates(routing)).containsExactly(new double[] {5 / 8.0, 2 / 8.0}, within(1e-15));
    }

    /** In exact arithmetic both are exp(l) divided by the sum of exp(l) over the chosen experts. */
    @Test
    void softmaxThenTopKThenDividingIsTopKThenSoftmax() {
        SplittableRandom random = Examples.random(41);
        RouterWeights weights = Examples.router(ElementType.FLOAT64, 16, 11, random);
        Matrix x = Examples.rows(ElementType.FLOAT64, 200, 16, random);
        for (int topK = 1; topK <= 11; topK++) {
            Routing before = new Router(weights, RouterRule.seed(topK)).route(x);
            Routing after = new Router(
                            weights, RouterRule.of(topK, ScoreFunction.LOGIT).withGates(GateFunction.SOFTMAX))
                    .route(x);
            for (int row = 0; row < x.rows(); row++) {
                for (int k = 0; k < topK; k++) {
                    assertThat(after.index(row, k)).isEqualTo(before.index(row, k));
                    assertThat(after.gate(row, k)).isCloseTo(before.gate(row, k), within(1e-14));
                }
            }
        }
    }

    @Test
    void aSigmoidLooksAtEachExpertAlone() {
        Routing before = route(RouterRule.of(2, ScoreFunction.SIGMOID), -1, 3, 0.5);
        Routing after = route(RouterRule.of(2, ScoreFunction.LOGIT).withGates(GateFunction.SIGMOID), -1, 3, 0.5);
        for (Routing routing : List.of(before, after)) {
            assertThat(choices(routing)).containsExactly(1, 2);
            assertThat(gates(routing)).containsExactly(new double[] {sigmoid(3), sigmoid(0.5)}, within(1e-15));
        }
    }

    /** The sigmoid of 40 and that of 50 are both 1 in double precision. */
    @Test
    void logitsChooseWhereTheirSigmoidsCannotTellThemApart() {
        RouterRule rule = RouterRule.of(1, ScoreFunction.LOGIT).withGates(GateFunction.SIGMOID);
        assertThat(choices(route(rule, 40, 50))).containsExactly(1);
        assertThat(choices(route(RouterRule.of(1, ScoreFunction.SIGMOID), 40, 50)))
                .containsExactly(0);
    }

    @Test
    void theChoiceBiasChoosesAndLeavesGatesAlone() {
        Routing routing = route(RouterRule.of(2, ScoreFunction.SIGMOID), new double[] {0, 5, -5, 0}, 1, -2, 3, 0);
        assertThat(choices(routing)).containsExactly(1, 0);
        assertThat(gates(routing)).containsExactly(new double[] {sigmoid(-2), sigmoid(1)}, within(1e-15));
    }

    @Test
    void gatesAreDividedByTheirSumAndThenScaled() {
        RouterRule rule = RouterRule.of(2, ScoreFunction.SIGMOID)
                .withDivisor(GateDivisor.sumPlus(0.5))
                .withScale(2.5);
        double first = sigmoid(1);
        double second = sigmoid(0);
        double divisor = first + second + 0.5;
        assertThat(gates(route(rule, 0, 1, -3)))
                .containsExactly(new double[] {2.5 * first / divisor, 2.5 * second / divisor}, within(1e-15));
    }

    @Test
    void aFloorKeepsATinySumFromBlowingGatesUp() {
        RouterRule rule = RouterRule.of(1, ScoreFunction.SIGMOID).withDivisor(GateDivisor.sumAtLeast(1e-12));
        assertThat(gates(route(rule, -40))[0]).isCloseTo(sigmoid(-40) / 1e-12, within(1e-18));
        assertThat(gates(route(rule, -3))[0]).isEqualTo(1);
    }

    @Test
    void aRowChoosesInTheGroupsThatItKeeps() {
        ExpertGroups best = new ExpertGroups(3, 1, ExpertGroups.Score.MAXIMUM, -INFINITY);
        ExpertGroups bestTwo = new ExpertGroups(3, 1, ExpertGroups.Score.SUM_OF_BEST_TWO, -INFINITY);
        double[] logits = {9, 1, 0, /**/ 6, 5, 2, /**/ 4, 3, 8};
        RouterRule rule = RouterRule.of(2, ScoreFunction.LOGIT);
        assertThat(choices(route(rule, logits))).containsExactly(0, 8);
        assertThat(choices(route(rule.withGroups(best), logits))).containsExactly(0, 1);
        assertThat(choices(route(rule.withGroups(bestTwo), logits))).containsExactly(8, 6);
        assertThat(choices(route(rule.withGroups(new ExpertGroups(3, 2, best.score(), -INFINITY)), logits)))
                .containsExactly(0, 8);
    }

    @Test
    void amongEqualGroupsTheLowestIsKept() {
        ExpertGroups groups = new ExpertGroups(3, 2, ExpertGroups.Score.MAXIMUM, -INFINITY);
        RouterRule rule = RouterRule.of(4, ScoreFunction.LOGIT).withGroups(groups);
        assertThat(choices(route(rule, 1, 1, 1, 1, 1, 1))).containsExactly(0, 1, 2, 3);
    }

    /** With scores below 0, an expert of a group that was not kept is better than the kept ones if its mask is 0. */
    @Test
    void theMaskDecidesWhetherARowCanLeaveItsGroups() {
        double[] logits = {-1, -2, -3, -4};
        RouterRule rule = RouterRule.of(2, ScoreFunction.LOGIT);
        ExpertGroups zero = new ExpertGroups(2, 1, ExpertGroups.Score.MAXIMUM, 0);
        ExpertGroups infinite = new ExpertGroups(2, 1, ExpertGroups.Score.MAXIMUM, -INFINITY);
        assertThat(choices(route(rule.withGroups(zero), logits))).containsExactly(2, 3);
        assertThat(choices(route(rule.withGroups(infinite), logits))).containsExactly(0, 1);
    }

    /**
     * The first gate is that of 4 among those within the tolerance of it (4 and 3.9); the second that of 3.9 among those that are left
     * and within the tolerance of 3.9 (3.9 alone, as 3 is too far).
     */
    @Test
    void theSparseMixerLeavesOutWhatIsFarFromTheChosen() {
        Routing routing = route(RouterRule.sparseMixer(2, 0.1), 3, 4, 3.9, -4);
        assertThat(choices(routing)).containsExactly(1, 2);
        assertThat(gates(routing)).containsExactly(new double[] {1 / (1 + Math.exp(-0.1)), 1}, within(1e-15));
    }

    /** A negative logit of a large magnitude is near in terms of its own magnitude. */
    @Test
    void theSparseMixerMeasuresInTermsOfTheLargerMagnitude() {
        Routing routing = route(RouterRule.sparseMixer(1, 2.1), 1, -20, -0.01);
        assertThat(gates(routing)[0]).isCloseTo(1 / (1 + Math.exp(-21) + Math.exp(-1.01)), within(1e-15));
        assertThat(gates(route(RouterRule.sparseMixer(1, 1.02), 1, -20, -0.01))[0])
                .isCloseTo(1 / (1 + Math.exp(-1.01)), within(1e-15));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void amongEqualsTheLowestExpertNumberWins(RouterRule rule) {
        assertThat(choices(route(rule, 0.5, 0.5, 0.5, 0.5))).containsExactly(0, 1);
        assertThat(choices(route(rule, -0.5, 0.5, 0.5, -0.5)).get(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRowWithANanGoesToTheFirstExpertsWithNanGates(RouterRule rule) {
        for (int e = 0; e < 4; e++) {
            double[] logits = {1, 7, 3, 2};
            logits[e] = NAN;
            assertThat(choices(route(rule, logits))).containsExactly(0, 1);
            assertThat(gates(route(rule, logits))).containsExactly(NAN, NAN);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void anExpertOfMinusInfinityComesLast(RouterRule rule) {
        Routing routing = route(rule.withGroups(ExpertGroups.NONE).withTopK(4), 1, -INFINITY, 0.5, 0.25);
        assertThat(choices(routing)).containsExactly(0, 2, 3, 1);
        assertThat(Arrays.copyOf(gates(routing), 3)).doesNotContain(NAN);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRowRoutedAloneHasTheSameBitsAsInABatch(RouterRule rule) {
        SplittableRandom random = Examples.random(42);
        Router router = new Router(Examples.router(ElementType.FLOAT32, 9, 8, random), rule);
        Matrix x = Examples.rows(ElementType.FLOAT32, 150, 9, random);
        Routing batch = router.route(x);
        for (int row = 0; row < x.rows(); row++) {
            Routing alone = router.route(x.rowRange(row, row + 1));
            for (int k = 0; k < 2; k++) {
                assertThat(alone.index(0, k)).isEqualTo(batch.index(row, k));
                assertThat(alone.gate(0, k)).isEqualTo(batch.gate(row, k));
            }
        }
    }

    @Test
    void everyRowGoesToTheSharedExpertsBehindTheOthers() {
        SplittableRandom random = Examples.random(43);
        RouterWeights weights = Examples.router(ElementType.FLOAT64, 6, 5, random);
        Matrix x = Examples.rows(ElementType.FLOAT64, 70, 6, random);
        Routing ungated = new Router(weights, RouterRule.seed(2).withSharedExperts(2)).route(x);
        assertThat(ungated.experts()).isEqualTo(7);
        for (GatedRows shared : ungated.byExpert().subList(5, 7)) {
            assertThat(shared.rows()).containsExactly(IntStream.range(0, 70).toArray());
            assertThat(shared.gates()).containsOnly(1.0);
        }
        Matrix sharedGates = Examples.rows(ElementType.FLOAT64, 6, 1, random);
        GatedRows gated = new Router(
                        weights.withSharedGates(sharedGates), RouterRule.seed(2).withSharedExperts(1))
                .route(x)
                .expert(5);
        for (int row = 0; row < x.rows(); row++) {
            double logit = 0;
            for (int i = 0; i < 6; i++) {
                logit += x.get(row, i) * sharedGates.get(i, 0);
            }
            assertThat(gated.gates()[row]).isCloseTo(sigmoid(logit), within(1e-15));
        }
    }

    @Test
    void aRuleThatCannotChooseAmongSoManyExpertsIsRefused() {
        ExpertGroups groups = new ExpertGroups(3, 1, ExpertGroups.Score.MAXIMUM, -INFINITY);
        RouterRule rule = RouterRule.of(3, ScoreFunction.SOFTMAX).withGroups(groups);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> route(rule, 1, 2, 3, 4))
                .withMessage("groups.count: 3 (expected: a divisor of the 4 experts)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> route(rule, 1, 2, 3, 4, 5, 6))
                .withMessage("topK: 3 (expected: at most 2, the experts of the groups that are kept)");
    }

    @Test
    void gatesOfSharedExpertsThatDoNotFitTheRuleAreRefused() {
        RouterWeights weights = Examples.router(ElementType.FLOAT64, 6, 5, Examples.random(44))
                .withSharedGates(Matrix.zeros(ElementType.FLOAT64, 6, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Router(weights, RouterRule.seed(1).withGateOn(GateOn.INPUT)))
                .withMessage("sharedGates.columns: 1 (expected: 0, or one for each of 0 shared experts); "
                        + "gateOn: INPUT (expected: OUTPUT where shared experts have gates)");
    }

    @Test
    void allProblemsOfARuleAreNamedInOneMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouterRule(
                        0,
                        ScoreFunction.SOFTMAX,
                        GateFunction.SPARSE_MIXER,
                        ExpertGroups.NONE,
                        GateDivisor.NONE,
                        NAN,
                        GateOn.OUTPUT,
                        0,
                        -1))
                .withMessageContainingAll(
                        "topK: 0", "scale: NaN", "sharedExperts: -1", "scores: SOFTMAX", "mixerTolerance: 0");
    }

    @ParameterizedTest
    @EnumSource
    void theCodesOfScoreFunctionsNeverChange(ScoreFunction function) {
        assertThat(function.code())
                .isEqualTo(
                        switch (function) {
                            case LOGIT -> 1;
                            case SOFTMAX -> 2;
                            case SIGMOID -> 3;
                        });
    }

    @ParameterizedTest
    @EnumSource
    void theCodesOfGateFunctionsNeverChange(GateFunction function) {
        assertThat(function.code())
                .isEqualTo(
                        switch (function) {
                            case SCORE -> 1;
                            case SOFTMAX -> 2;
                            case SIGMOID -> 3;
                            case SPARSE_MIXER -> 4;
                        });
    }

    @Test
    void theOtherCodesNeverChangeEither() {
        assertThat(GateOn.OUTPUT.code()).isEqualTo(1);
        assertThat(GateOn.INPUT.code()).isEqualTo(2);
        assertThat(ExpertGroups.Score.MAXIMUM.code()).isEqualTo(1);
        assertThat(ExpertGroups.Score.SUM_OF_BEST_TWO.code()).isEqualTo(2);
    }
}
