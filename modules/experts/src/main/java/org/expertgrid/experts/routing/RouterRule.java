package org.expertgrid.experts.routing;

import org.expertgrid.experts.errors.Problems;

/**
 * How a router gets from a row's logits to its experts and their gates, as one value.
 *
 * <pre>
 *   logits --scores--> scores --+ choice bias, groups--> the topK best --gates--> gates --divisor, scale--> gates
 * </pre>
 *
 * Each family of checkpoints has its own rule; notes on their sources are with the families. The rule says nothing about weights:
 * {@link RouterWeights} has these.
 *
 * @param topK how many experts a row goes to, at least 1; more than there are means all
 * @param scores what experts are chosen by, before the choice bias is added
 * @param gates what makes gates of the chosen experts' scores
 * @param groups the groups that a row's experts must come from
 * @param divisor what gates are divided by
 * @param scale what gates are multiplied by at the end
 * @param gateOn which side of an expert the gate multiplies
 * @param mixerTolerance for {@link GateFunction#SPARSE_MIXER}: how far below the chosen expert's score another one's may be, relative to
 *     the larger of its own magnitude and the chosen score; 0 for other gates
 * @param sharedExperts how many further experts every row goes to; their numbers follow those that are chosen from
 */
public record RouterRule(
        int topK,
        ScoreFunction scores,
        GateFunction gates,
        ExpertGroups groups,
        GateDivisor divisor,
        double scale,
        GateOn gateOn,
        double mixerTolerance,
        int sharedExperts) {
    public RouterRule {
        boolean isMixer = gates == GateFunction.SPARSE_MIXER;
        new Problems()
                .expect(topK >= 1, "topK", topK, "at least 1")
                .expect(Double.isFinite(scale), "scale", scale, "a finite number")
                .expect(sharedExperts >= 0, "sharedExperts", sharedExperts, "at least 0")
                .expect(!isMixer || scores == ScoreFunction.LOGIT, "scores", scores, "LOGIT with SPARSE_MIXER")
                .expect(
                        isMixer ? mixerTolerance > 0 : mixerTolerance == 0,
                        "mixerTolerance",
                        mixerTolerance,
                        "above 0 with SPARSE_MIXER, and 0 without")
                .throwIfAny();
    }

    /** Returns the seed's rule: softmax over all experts, the {@code topK} best, their probabilities divided by their sum. */
    public static RouterRule seed(int topK) {
        return of(topK, ScoreFunction.SOFTMAX).withDivisor(GateDivisor.SUM);
    }

    /** Returns the rule that chooses by these scores and takes them as gates. */
    public static RouterRule of(int topK, ScoreFunction scores) {
        return new RouterRule(
                topK, scores, GateFunction.SCORE, ExpertGroups.NONE, GateDivisor.NONE, 1.0, GateOn.OUTPUT, 0.0, 0);
    }

    /** Returns the rule that chooses by the logits and takes gates as SparseMixer does. */
    public static RouterRule sparseMixer(int topK, double tolerance) {
        RouterRule rule = of(topK, ScoreFunction.LOGIT);
        return new RouterRule(
                topK,
                rule.scores,
                GateFunction.SPARSE_MIXER,
                rule.groups,
                rule.divisor,
                rule.scale,
                rule.gateOn,
                tolerance,
                0);
    }

    /** Returns this rule for another number of experts a row. */
    public RouterRule withTopK(int other) {
        return new RouterRule(other, scores, gates, groups, divisor, scale, gateOn, mixerTolerance, sharedExperts);
    }

    /** Returns this rule with gates made in another way. */
    public RouterRule withGates(GateFunction other) {
        return new RouterRule(topK, scores, other, groups, divisor, scale, gateOn, mixerTolerance, sharedExperts);
    }

    /** Returns this rule with groups. */
    public RouterRule withGroups(ExpertGroups other) {
        return new RouterRule(topK, scores, gates, other, divisor, scale, gateOn, mixerTolerance, sharedExperts);
    }

    /** Returns this rule with another divisor of the gates. */
    public RouterRule withDivisor(GateDivisor other) {
        return new RouterRule(topK, scores, gates, groups, other, scale, gateOn, mixerTolerance, sharedExperts);
    }

    /** Returns this rule with gates multiplied by a number. */
    public RouterRule withScale(double other) {
        return new RouterRule(topK, scores, gates, groups, divisor, other, gateOn, mixerTolerance, sharedExperts);
    }

    /** Returns this rule with gates that multiply the other side of an expert. */
    public RouterRule withGateOn(GateOn other) {
        return new RouterRule(topK, scores, gates, groups, divisor, scale, other, mixerTolerance, sharedExperts);
    }

    /** Returns this rule with that many shared experts. */
    public RouterRule withSharedExperts(int other) {
        return new RouterRule(topK, scores, gates, groups, divisor, scale, gateOn, mixerTolerance, other);
    }

    /** Returns how many of that many experts a row goes to, the shared ones left out. */
    public int effectiveTopK(int experts) {
        return Math.min(topK, experts);
    }

    /** Adds what keeps this rule from choosing among that many experts. */
    public Problems check(Problems problems, int experts) {
        boolean divides = experts % groups.count() == 0;
        problems.expect(divides, "groups.count", groups.count(), "a divisor of the " + experts + " experts");
        if (divides && !groups.keepsAll()) {
            int kept = groups.kept() * (experts / groups.count());
            problems.expect(
                    topK <= kept, "topK", topK, "at most " + kept + ", the experts of the groups that are kept");
        }
        return problems;
    }
}
