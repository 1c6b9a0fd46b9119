package org.expertgrid.benchmarks;

import java.util.List;
import java.util.Map;
import org.expertgrid.cli.CommandRun;

/** Runs the benchmarks' commands in this JVM. */
public final class BenchRun {
    private BenchRun() {}

    public static CommandRun of(String... arguments) {
        return CommandRun.of(Main::run, arguments);
    }

    /** Returns the measurements in the JSON object of a run. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> measurements(CommandRun run) {
        return (List<Map<String, Object>>) run.json().get("runs");
    }
}
