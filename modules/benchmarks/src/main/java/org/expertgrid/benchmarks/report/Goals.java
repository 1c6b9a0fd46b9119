package org.expertgrid.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Table;

/**
 * The goals of a run, and whether it met them.
 *
 * <p>For one thread.
 */
public final class Goals {
    private final List<Goal> goals = new ArrayList<>();

    private record Goal(String what, double value, String relation, double limit, boolean met, boolean binding) {}

    /** Adds a goal that {@code value} is at most {@code limit}; NaN adds none. */
    public void atMost(String what, double value, double limit) {
        if (!Double.isNaN(value)) {
            goals.add(new Goal(what, value, "≤", limit, value <= limit, true));
        }
    }

    /** Adds a goal that {@code value} is at least {@code limit}; NaN adds none. */
    public void atLeast(String what, double value, double limit) {
        if (!Double.isNaN(value)) {
            goals.add(new Goal(what, value, "≥", limit, value >= limit, true));
        }
    }

    /** Adds an aim that {@code value} is at most {@code limit}, which is shown and does not count as missed. NaN adds none. */
    public void aim(String what, double value, double limit) {
        if (!Double.isNaN(value)) {
            goals.add(new Goal(what, value, "≤", limit, value <= limit, false));
        }
    }

    /** Returns the number of missed goals. */
    public long missed() {
        return goals.stream().filter(goal -> goal.binding() && !goal.met()).count();
    }

    /** Returns all goals for JSON. */
    public List<Map<String, Object>> json() {
        return goals.stream()
                .map(goal -> Map.<String, Object>of(
                        "what", goal.what(), "value", goal.value(), "limit", goal.limit(), "met", goal.met()))
                .toList();
    }

    public void say(Output output) {
        if (goals.isEmpty()) {
            return;
        }
        output.say("");
        for (Goal goal : goals) {
            output.say(
                    "%s %-70s %8s   %s %s %s",
                    goal.met() ? "✅" : goal.binding() ? "❌" : "··",
                    goal.what(),
                    Table.number(goal.value()),
                    goal.binding() ? "goal" : "aim ",
                    goal.relation(),
                    Table.number(goal.limit()));
        }
    }
}
