package org.expertgrid.chaos;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.chaos.cluster.ChaosCluster;
import org.expertgrid.chaos.load.Reference;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.chaos.load.Verifier;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.status.MoeStatistics;

/** One layer that a client and a member call, and of whose answers every row is compared with the reference. */
final class LayerLoad implements Load {
    private static final String MODEL = "chaos";
    /** Enough forwards for the JVMs to compile the code, so that compiling causes no gap later. */
    private static final int WARM_UP_FORWARDS = 30;

    private final Reference reference;
    private final List<MoeStatistics> released = new ArrayList<>();
    private final TensorParallelMoe outside;
    private volatile TensorParallelMoe inside;

    private LayerLoad(Reference reference, TensorParallelMoe outside, TensorParallelMoe inside) {
        this.reference = reference;
        this.outside = outside;
        this.inside = inside;
    }

    /** Deploys the layer and warms it up. */
    static LayerLoad on(ChaosCluster cluster, ShapeOptions shape, Reference reference) {
        TensorParallelMoe outside = reference.model(shape).deploy(cluster.client(), MODEL);
        LayerLoad load = new LayerLoad(reference, outside, TensorParallelMoe.connect(cluster.member(), MODEL));
        for (int number = 0; number < WARM_UP_FORWARDS; number++) {
            load.outside.forward(reference.batch(number));
            load.inside.forward(reference.batch(number));
        }
        return load;
    }

    @Override
    public List<Verifier> callers(Tally tally) {
        return List.of(
                Verifier.start("client", () -> outside, reference, tally),
                Verifier.start("member", () -> inside, reference, tally));
    }

    @Override
    public Runnable use(HazelcastInstance member) {
        TensorParallelMoe left = inside;
        inside = TensorParallelMoe.connect(member, MODEL);
        return () -> {
            released.add(left.statistics());
            left.close();
        };
    }

    @Override
    public List<MoeStatistics> statistics() {
        List<MoeStatistics> all = new ArrayList<>(released);
        all.add(inside.statistics());
        all.add(outside.statistics());
        return all;
    }

    @Override
    public void close() {
        inside.close();
        outside.close();
    }
}
