package org.expertgrid.benchmarks.cluster;

import java.util.List;
import org.expertgrid.benchmarks.cluster.ClusterRun.Load;
import org.expertgrid.benchmarks.report.Goals;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;

/** The goals of a cluster of three members at the seed's shape. */
final class ClusterGoals {
    private static final int MEMBERS = 3;
    private static final int BATCH = 1000;

    private final List<ClusterRun> runs;
    private final Goals goals = new Goals();

    private ClusterGoals(List<ClusterRun> runs) {
        this.runs = runs.stream().filter(run -> run.load().members() == MEMBERS).toList();
    }

    static Goals of(List<ClusterRun> runs) {
        ClusterGoals goals = new ClusterGoals(runs);
        goals.runs.forEach(goals::check);
        return goals.goals;
    }

    private void check(ClusterRun run) {
        Load load = run.load();
        if (load.caller() == Caller.EMBEDDED) {
            return;
        }
        String what = String.format(
                "%s, %s, %s, %d x %d rows%s: ",
                Output.text(load.exchange()),
                Output.text(load.element()),
                Output.text(load.caller()),
                load.callers(),
                load.batch(),
                load.batching() ? ", batching" : "");
        boolean reduce = load.exchange() == Exchange.REDUCE;
        if (load.batch() == BATCH && load.callers() == 1) {
            goals.atMost(what + "time / floor", run.ratioToFloor(), reduce ? 1.25 : 1.4);
            if (reduce) {
                goals.atMost(what + "bytes on the wire / least", run.bytesRatio(), 1.02);
                boolean client = load.caller() == Caller.CLIENT;
                goals.atMost(what + "heap / bytes on the wire", run.allocatedHere(), client ? 3 : 5);
                goals.aim(what + "time / alone", run.ratio(), aim(load));
            }
        }
        if (reduce && load.caller() == Caller.CLIENT && load.batch() == 1 && load.callers() == 1) {
            goals.atMost(what + "ms above the floor", run.medianMillis() - run.floorMillis(), 0.3);
            goals.atMost(what + "p99 / p99 of the echo", run.tailMillis() / run.echoTailMillis(), 1.5);
        }
        if (reduce && load.batch() == Suite.SMALL_BATCH && load.callers() > 1) {
            goals.atLeast(what + "rows/s / one caller's", throughput(run), load.batching() ? 0.7 : 0.3);
        }
    }

    private static double aim(Load load) {
        if (load.caller() == Caller.MEMBER) {
            return 1.7;
        }
        return load.element() == ElementType.FLOAT64 ? 2.0 : 2.2;
    }

    /** Returns the rows per second relative to those of one caller that sends all callers' rows in one batch. */
    private double throughput(ClusterRun run) {
        Load load = run.load();
        Load together = new Load(
                load.caller(),
                load.members(),
                load.element(),
                load.exchange(),
                load.batch() * load.callers(),
                1,
                false);
        return runs.stream()
                .filter(other -> other.load().equals(together))
                .mapToDouble(other -> run.rowsPerSecond() / other.rowsPerSecond())
                .findFirst()
                .orElse(Double.NaN);
    }
}
