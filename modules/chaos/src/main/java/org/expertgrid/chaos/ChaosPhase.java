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
import org.expertgrid.chaos.load.Verifier;
import org.expertgrid.chaos.load.Verifiers;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.options.CallerOptions;

/**
 * One cluster under load, from its start to its end: a model is deployed on it, and two callers, a client and a member, use it all
 * the time.
 *
 * <p>For one thread.
 */
final class ChaosPhase implements AutoCloseable {
    private static final String MODEL = "chaos";
    /** Enough forwards for the JVMs to compile the code, so that compiling causes no gap later. */
    private static final int WARM_UP_FORWARDS = 30;

    private static final int UNDISTURBED_ANSWERS = 10;

    private static final Duration HANGING = CallerOptions.defaults().deadline().plusSeconds(10);

    private final ChaosCluster cluster;
    private final Reference reference;
    private final Tally tally;
    private final TensorParallelMoe outside;
    private final Verifiers verifiers;
    private final FaultInjector injector;
    private final List<Footprint> before;
    private volatile TensorParallelMoe inside;

    private ChaosPhase(ChaosCluster cluster, ShapeOptions shape, Reference reference, Tally tally) {
        this.cluster = cluster;
        this.reference = reference;
        this.tally = tally;
        this.outside = reference.model(shape).deploy(cluster.client(), MODEL);
        this.inside = TensorParallelMoe.connect(cluster.member(), MODEL);
        warmUp();
        this.before = Footprint.ofMembers(cluster.client());
        this.verifiers = new Verifiers(
                List.of(
                        Verifier.start("client", () -> outside, reference, tally),
                        Verifier.start("member", () -> inside, reference, tally)),
                HANGING,
                tally);
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
     * Starts a cluster, deploys the reference's model on it and starts the callers.
     *
     * @param logs the folder of the members' logs
     */
    static ChaosPhase start(Arrangement arrangement, ShapeOptions shape, Path logs, Reference reference, Tally tally) {
        ChaosCluster cluster = ChaosCluster.start(arrangement, shape, logs);
        try {
            return new ChaosPhase(cluster, shape, reference, tally);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void warmUp() {
        for (int number = 0; number < WARM_UP_FORWARDS; number++) {
            outside.forward(reference.batch(number));
            inside.forward(reference.batch(number));
        }
    }

    /** Injects a fault and prints what the callers observed. */
    void perform(Fault fault, Consumer<String> say) {
        long forwards = tally.forwards();
        long wrong = tally.wrongRows();
        long failed = tally.failed();
        int windows = tally.windows().size();
        long start = System.nanoTime();
        injector.perform(fault);
        List<Tally.Window> gaps = tally.windows();
        say.accept(String.format(
                "  %-34s %5.1f s, %5d forwards, %d wrong rows, %d failed; longest gaps: %s",
                fault,
                (System.nanoTime() - start) / 1e9,
                tally.forwards() - forwards,
                tally.wrongRows() - wrong,
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
        TensorParallelMoe left = inside;
        inside = TensorParallelMoe.connect(cluster.renewMember(), MODEL);
        verifiers.awaitAnswers(2);
        tally.add(left.statistics());
        left.close();
        tally.begin(FaultKind.STOP);
        Connection.of(old).drain(CallerOptions.defaults().deadline());
    }

    /** Ends the load and returns the footprints of the members before and after it. */
    Footprints finish() {
        verifiers.finish();
        tally.add(inside.statistics());
        tally.add(outside.statistics());
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
        inside.close();
        outside.close();
        cluster.close();
    }
}
