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
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.upkeep.Draining;

/**
 * One cluster under load, from its start to its end: a model on it, and two callers, a client and a member, that never stop.
 *
 * <p>For one thread.
 */
final class ChaosPhase implements AutoCloseable {
    private static final String MODEL = "chaos";
    /** So many that the JVMs have compiled what they run, and a gap is not that. */
    private static final int WARM_UP_FORWARDS = 30;

    private static final int UNDISTURBED_ANSWERS = 10;

    private static final Duration HANGING = CallerOptions.defaults().deadline().plusSeconds(10);

    private final ChaosCluster cluster;
    private final Reference reference;
    private final Tally tally;
    private final TensorParallelMoe outside;
    private final Verifiers witnesses;
    private final FaultInjector saboteur;
    private final List<Footprint> before;
    private volatile TensorParallelMoe inside;

    private ChaosPhase(ChaosCluster cluster, ShapeOptions shape, Reference reference, Tally tally) {
        this.cluster = cluster;
        this.reference = reference;
        this.tally = tally;
        this.outside = shape.model(reference.weights()).deploy(cluster.client(), MODEL);
        this.inside = TensorParallelMoe.connect(cluster.member(), MODEL);
        warmUp();
        this.before = Footprint.ofMembers(cluster.client());
        this.witnesses = new Verifiers(
                List.of(
                        Verifier.start("client", () -> outside, reference, tally),
                        Verifier.start("member", () -> inside, reference, tally)),
                HANGING,
                tally);
        tally.begin(null);
        witnesses.awaitAnswers(UNDISTURBED_ANSWERS);
        this.saboteur = new FaultInjector(
                cluster,
                witnesses,
                this::renewMember,
                new SecondModel(cluster.client(), reference, shape, tally),
                tally);
    }

    /**
     * Starts a cluster, deploys the reference's model there and has it called.
     *
     * @param logs where the members' logs go
     */
    static ChaosPhase start(Arrangement arrangement, ShapeOptions shape, Path logs, Reference reference, Tally tally) {
        ChaosCluster cluster = ChaosCluster.start(arrangement, shape.members(), shape.heap(), logs);
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

    /** Brings a fault about; says so before and how it went. */
    void perform(Fault fault, Consumer<String> say) {
        long forwards = tally.forwards();
        long wrong = tally.wrongRows();
        long failed = tally.failed();
        int windows = tally.windows().size();
        long start = System.nanoTime();
        saboteur.perform(fault);
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

    /** Leaves the cluster under load for that long. */
    void leaveAlone(Duration duration) {
        tally.begin(null);
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            witnesses.awaitAnswers(1);
        }
    }

    /** Has another member of this JVM take the place of the one that there is, which then leaves in good order. */
    private void renewMember() {
        HazelcastInstance old = cluster.member();
        TensorParallelMoe left = inside;
        inside = TensorParallelMoe.connect(cluster.renewMember(), MODEL);
        witnesses.awaitAnswers(2);
        left.close();
        tally.begin(FaultKind.STOP);
        Draining.drain(old, CallerOptions.defaults().deadline());
    }

    /** Ends the load and returns what the members hold, those of the beginning and those of now. */
    Footprints finish() {
        witnesses.finish();
        return new Footprints(before, Footprint.ofMembers(cluster.client()));
    }

    /** Returns how many member JVMs have outlived {@link #close}. */
    int leaked() {
        return cluster.leaked();
    }

    /** Ends everything at once. */
    @Override
    public void close() {
        witnesses.close();
        inside.close();
        outside.close();
        cluster.close();
    }
}
