package org.expertgrid.chaos;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.expertgrid.chaos.cluster.Footprints;
import org.expertgrid.chaos.cluster.HazelcastLog;
import org.expertgrid.chaos.faults.Arrangement;
import org.expertgrid.chaos.faults.Fault;
import org.expertgrid.chaos.faults.FaultKind;
import org.expertgrid.chaos.faults.Schedule;
import org.expertgrid.chaos.load.Reference;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.cli.local.AtExit;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Runs a schedule, with a new cluster for each arrangement that its faults need.
 *
 * <p>For one thread and one run.
 */
final class ChaosRun {
    private final ShapeOptions shape;
    private final Reference reference;
    private final Load.Source loads;
    private final Plan plan;
    private final Consumer<String> say;
    private final Tally tally;
    private final Map<FaultKind, Integer> performed = new EnumMap<>(FaultKind.class);
    private final List<Footprints> footprints = new ArrayList<>();
    private final long start = System.nanoTime();
    private int leaked;
    private String brokenOff;

    /**
     * The extent of a run.
     *
     * @param seed the seed of the first schedule; further schedules use the next numbers
     * @param faults the number of faults of a schedule
     * @param kinds the kinds that are drawn
     * @param atLeast how long the load lasts at least
     * @param drawnAgain whether further schedules follow until that time has passed
     */
    record Plan(long seed, int faults, List<FaultKind> kinds, Duration atLeast, boolean drawnAgain) {}

    private ChaosRun(ShapeOptions shape, Reference reference, Load.Source loads, Plan plan, Consumer<String> say) {
        this.shape = shape;
        this.reference = reference;
        this.plan = plan;
        this.say = say;
        this.loads = loads;
        this.tally = new Tally(loads.answers());
    }

    /**
     * Runs the plan and returns its report, also if it ended early.
     *
     * @param reference the model that is deployed while faults happen, and its answers
     * @param loads makes what uses the cluster meanwhile
     */
    static ChaosReport of(ShapeOptions shape, Reference reference, Load.Source loads, Plan plan, Consumer<String> say) {
        return new ChaosRun(shape, reference, loads, plan, say).run();
    }

    private ChaosReport run() {
        TemporaryFolder logs = TemporaryFolder.create();
        AtExit atExit = AtExit.run(() -> {
            AtExit.endChildren(); // a halted member does not notice that this JVM ends
            logs.close();
        });
        HazelcastLog log = HazelcastLog.to(logs.path().resolve("caller.log"));
        try {
            long round = 0;
            do {
                perform(Schedule.draw(plan.seed() + round++, plan.faults(), plan.kinds()), logs.path());
            } while (plan.drawnAgain() && timeIsLeft());
        } catch (RuntimeException e) {
            // The report has the exception and the counts so far. Other exceptions are defects: their stack trace is
            // needed.
            brokenOff = e instanceof ExpertgridException ? e.getMessage() : stackTrace(e);
        } finally {
            log.close();
            atExit.callOff();
        }
        ChaosReport report = new ChaosReport(performed, tally, footprints, leaked, brokenOff);
        if (report.passed()) {
            logs.close();
        } else {
            say.accept("The logs of the members and of Hazelcast in this JVM are in " + logs.path());
        }
        return report;
    }

    private static String stackTrace(RuntimeException thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    private void perform(Schedule schedule, Path logs) {
        say.accept("Seed " + schedule.seed() + ": " + schedule.faults());
        boolean first = true;
        for (Arrangement arrangement : Arrangement.values()) {
            List<Fault> faults = schedule.of(arrangement);
            boolean only = schedule.faults().isEmpty() && arrangement == Arrangement.ONE_BACKUP;
            if (only || !faults.isEmpty() && (first || !plan.drawnAgain() || timeIsLeft())) {
                perform(arrangement, faults, first, logs);
                first = false;
            }
        }
    }

    private void perform(Arrangement arrangement, List<Fault> faults, boolean first, Path logs) {
        say.accept("");
        say.accept("A cluster of " + arrangement.members(shape.members()) + " member JVMs and this one, "
                + arrangement.description(shape.backups()));
        ChaosPhase phase = ChaosPhase.start(arrangement, shape, logs, reference, loads, tally);
        try (phase) {
            for (Fault fault : faults) {
                if (plan.drawnAgain() && !timeIsLeft()) {
                    break;
                }
                phase.perform(fault, say);
                performed.merge(fault.kind(), 1, Integer::sum);
            }
            if (first && !plan.drawnAgain()) {
                phase.leaveAlone(plan.atLeast().minus(elapsed()));
            }
            footprints.add(phase.finish());
        } finally {
            leaked += phase.leaked();
        }
    }

    private boolean timeIsLeft() {
        return elapsed().compareTo(plan.atLeast()) < 0;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
