package org.expertgrid.cli.seed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The assertions of the demo: the seed's two, and that a lost member changes no answer.
 *
 * @param comparison the results of the three ways to run the model
 * @param loss the observations while a member was lost, empty if none was
 * @param members the number of members
 */
public record Verdict(Comparison comparison, Optional<MemberLoss> loss, int members) {
    private static final double LEAST_SPEEDUP = 2;
    private static final double LARGEST_SUM_DIFFERENCE = 0.1;

    public boolean passed() {
        return isEfficient() && isCorrect() && isUnmovedByLoss();
    }

    /** Returns whether the speed-up is reached. Without rows there is no time to compare. */
    private boolean isEfficient() {
        return comparison.simple().output().rows() == 0 || comparison.speedup() > LEAST_SPEEDUP;
    }

    private boolean isCorrect() {
        return Math.abs(comparison.sumDifference()) <= LARGEST_SUM_DIFFERENCE;
    }

    private boolean isUnmovedByLoss() {
        return loss.map(MemberLoss::sameAnswer).orElse(true);
    }

    /** Returns a line for each assertion, which begins with a tick or a cross. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(isEfficient(), "speed-up %.2f > %.0f", comparison.speedup(), LEAST_SPEEDUP));
        double difference = Math.abs(comparison.sumDifference());
        lines.add(line(isCorrect(), "|sum difference| %.3g <= %.1f", difference, LARGEST_SUM_DIFFERENCE));
        loss.ifPresent(seen -> lines.add(line(
                isUnmovedByLoss(),
                "one of %d members killed under load: answers the same to %.2g of scale, longest gap %.0f ms",
                members,
                seen.largestDifference(),
                seen.gapMillis())));
        return lines;
    }

    private static String line(boolean holds, String format, Object... arguments) {
        return (holds ? "✅ " : "❌ ") + String.format(Locale.ROOT, format, arguments);
    }
}
