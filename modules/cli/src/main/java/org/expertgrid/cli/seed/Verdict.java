package org.expertgrid.cli.seed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/**
 * What the demo asserts of what it saw: the seed's two assertions, and that a lost member changes no answer.
 *
 * @param comparison of the model's three ways to run
 * @param loss what was seen when a member was lost, where one was
 * @param members how many there were
 */
public record Verdict(Comparison comparison, Optional<MemberLoss> loss, int members) {
    private static final double LEAST_SPEEDUP = 2;
    private static final double LARGEST_SUM_DIFFERENCE = 0.1;

    public boolean passed() {
        return isEfficient() && isCorrect() && isUnmovedByLoss();
    }

    public int exitCode() {
        return passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Without rows there is nothing to be faster at. */
    private boolean isEfficient() {
        return comparison.simple().output().rows() == 0 || comparison.speedup() > LEAST_SPEEDUP;
    }

    private boolean isCorrect() {
        return Math.abs(comparison.sumDifference()) <= LARGEST_SUM_DIFFERENCE;
    }

    private boolean isUnmovedByLoss() {
        return loss.map(MemberLoss::sameAnswer).orElse(true);
    }

    /** Returns a line for each assertion, which begins with whether it holds. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(isEfficient(), "speed-up %.2f > %.0f", comparison.speedup(), LEAST_SPEEDUP));
        double difference = Math.abs(comparison.sumDifference());
        lines.add(line(isCorrect(), "|sum difference| %.3g <= %.1f", difference, LARGEST_SUM_DIFFERENCE));
        loss.ifPresent(seen -> lines.add(line(
                isUnmovedByLoss(),
                "one of %d members killed under load: answers the same to %.2g of scale, after %.0f ms at the most",
                members,
                seen.largestDifference(),
                seen.gapMillis())));
        return lines;
    }

    private static String line(boolean holds, String format, Object... arguments) {
        return (holds ? "✅ " : "❌ ") + String.format(Locale.ROOT, format, arguments);
    }
}
