package org.expertgrid.chaos;

import com.hazelcast.core.HazelcastInstance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.expertgrid.chaos.cluster.ChaosCluster;
import org.expertgrid.chaos.cluster.Footprint;
import org.expertgrid.chaos.cluster.Footprints;
import org.expertgrid.chaos.faults.Arrangement;
import org.expertgrid.chaos.faults.Fault;
import org.expertgrid.chaos.faults.FaultKind;
import org.expertgrid.chaos.load.Reference;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.chaos.load.Verifiers;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.options.CallerOptions;

/**
 * One cluster under load, from its start to its end: a model is deployed on it, and callers use it all the time.
 *
 * <p>For one thread.
 */
final class ChaosPhase implements AutoCloseable {
    private static final int UNDISTURBED_ANSWERS = 10;

    private static final Duration HANGING = CallerOptions.defaults().deadline().plusSeconds(10);

    private final ChaosCluster cluster;
    private final Load load;
    private final Tally tally;
    private final Verifiers verifiers;
    private final FaultInjector injector;
    private final List<Footprint> before;

    private ChaosPhase(ChaosCluster cluster, Load load, ShapeOptions shape, Reference reference, Tally tally) {
        this.cluster = cluster;
        this.load = load;
        this.tally = tally;
        this.before = Footprint.ofMembers(cluster.client());
        this.verifiers = new Verifiers(load.callers(tally), HANGING, tally);
        tally.begin(null);
        verifiers.awaitAnswers(UNDISTURBED_ANSWERS);
        this.injector = new FaultInjector(
                cluster,
                verifiers,
                this::renewMember,
                new SecondModel(cluster.client(), reference, shape, tally),
                tally);
    }

    /**
     * Starts a cluster, deploys a model on it and starts the callers.
     *
     * @param logs the folder of the members' logs
     * @param loads makes what uses the cluster
     */
    static ChaosPhase start(
            Arrangement arrangement,
            ShapeOptions shape,
            Path logs,
            Reference reference,
            Load.Source loads,
            Tally tally) {
        ChaosCluster cluster = ChaosCluster.start(arrangement, shape, logs);
        try {
            Load load = loads.on(cluster);
            try {
                return new ChaosPhase(cluster, load, shape, reference, tally);
            } catch (RuntimeException e) {
                load.close();
                throw e;
            }
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Injects a fault and prints what the callers observed. */
    void perform(Fault fault, Consumer<String> say) {
        long answers = tally.answers();
        long wrong = tally.wrong();
        long failed = tally.failed();
        int windows = tally.windows().size();
        long start = System.nanoTime();
        injector.perform(fault);
        List<Tally.Window> gaps = tally.windows();
        say.accept(String.format(
                "  %-34s %5.1f s, %5d %s, %d wrong, %d failed; longest gaps: %s",
                fault,
                (System.nanoTime() - start) / 1e9,
                tally.answers() - answers,
                tally.kind().words(),
                tally.wrong() - wrong,
                tally.failed() - failed,
                gaps.subList(windows, gaps.size()).stream()
                        .map(Tally.Window::toString)
                        .collect(Collectors.joining(", "))));
    }

    /** Keeps the cluster under load for that long without faults. */
    void leaveAlone(Duration duration) {
        tally.begin(null);
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            verifiers.awaitAnswers(1);
        }
    }

    /** Starts a new member in this JVM. The previous one hands over its shards and leaves. */
    private void renewMember() {
        HazelcastInstance old = cluster.member();
        Runnable release = load.use(cluster.renewMember());
        verifiers.awaitAnswers(2);
        release.run();
        tally.begin(FaultKind.STOP);
        Connection.of(old).drain(CallerOptions.defaults().deadline());
    }

    /** Ends the load and returns the footprints of the members before and after it. */
    Footprints finish() {
        verifiers.finish();
        load.statistics().forEach(tally::add);
        return new Footprints(before, Footprint.ofMembers(cluster.client()));
    }

    /** Returns how many member JVMs are still running. Call it after {@link #close}. */
    int leaked() {
        return cluster.leaked();
    }

    /** Ends the callers and the cluster at once. */
    @Override
    public void close() {
        verifiers.close();
        load.close();
        cluster.close();
    }
}
