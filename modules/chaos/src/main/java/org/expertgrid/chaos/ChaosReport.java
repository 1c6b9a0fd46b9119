package org.expertgrid.chaos;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.chaos.cluster.Footprints;
import org.expertgrid.chaos.faults.FaultKind;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Table;

/**
 * The result of a run.
 *
 * @param faults the number of injected faults of each kind
 * @param tally the counts of all callers
 * @param footprints the resources of members, for each cluster
 * @param leaked how many member JVMs were still running after their cluster was closed
 * @param brokenOff why the run ended early, null if it did not
 */
record ChaosReport(
        Map<FaultKind, Integer> faults, Tally tally, List<Footprints> footprints, int leaked, String brokenOff) {
    /** Returns whether every call returned the right answer, no member JVM was left, and the run did not end early. */
    boolean passed() {
        return tally.answers() > 0 && tally.wrong() == 0 && tally.failed() == 0 && leaked == 0 && brokenOff == null;
    }

    void say(Output output) {
        output.say("");
        table().lines().forEach(line -> output.say("%s", line));
        for (Footprints each : footprints) {
            output.say("");
            each.table().lines().forEach(line -> output.say("%s", line));
        }
        output.say("");
        tally.longestGaps().forEach(gap -> output.say("longest gap at %s", gap));
        tally.refusals().forEach(refusal -> output.say("deployment refused, and no shards left: %s", refusal));
        tally.failures().forEach(failure -> output.say("%s", text(failure)));
        if (brokenOff != null) {
            output.say("ended early: %s", brokenOff);
        }
        output.say("Hedges: %d sent, %d won, %d wasted", tally.hedges(), tally.hedgesWon(), tally.hedgesWasted());
        output.say(
                "%s %d %s, %d wrong, %d failed; longest gap %d ms; %d members left running",
                passed() ? "✅" : "❌",
                tally.answers(),
                tally.kind().words(),
                tally.wrong(),
                tally.failed(),
                tally.longestGap().toMillis(),
                leaked);
    }

    private Table table() {
        Table table = new Table("fault", "times", "longest gap ms");
        table.add("(none)", "", Long.toString(tally.longestUndisturbed().toMillis()));
        tally.gaps()
                .forEach((kind, gap) ->
                        table.add(Output.text(kind), faults.getOrDefault(kind, 0), Long.toString(gap.toMillis())));
        return table;
    }

    private static String text(Tally.Failure failure) {
        StringWriter text = new StringWriter();
        String during = failure.during() == null ? "" : ", during " + Output.text(failure.during());
        text.write(failure.who() + during + ": " + failure.what());
        if (failure.thrown() != null) {
            text.write("\n");
            failure.thrown().printStackTrace(new PrintWriter(text, true));
        }
        return text.toString();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("faults", faults.values().stream().mapToInt(Integer::intValue).sum());
        json.put(tally.kind().key(), tally.answers());
        json.put("wrong", tally.wrong());
        json.put("failed", tally.failed());
        json.put("longest_gap_ms", tally.longestGap().toMillis());
        Map<String, Long> gaps = new LinkedHashMap<>();
        tally.gaps().forEach((kind, gap) -> gaps.put(Output.text(kind), gap.toMillis()));
        json.put("gaps_by_kind", gaps);
        json.put("hedges", tally.hedges());
        json.put("hedges_won", tally.hedgesWon());
        json.put("hedges_wasted", tally.hedgesWasted());
        json.put("members_leaked", leaked);
        json.put("passed", passed());
        return json;
    }
}
