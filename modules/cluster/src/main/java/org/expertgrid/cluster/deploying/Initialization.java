package org.expertgrid.cluster.deploying;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cluster.dispatch.Dispatcher;
import org.expertgrid.cluster.dispatch.ForwardCounters;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.ExpertRange;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerRequest.InitializeLayer;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.weights.MatrixRole;

/**
 * Has members find the slices that have been written for them.
 *
 * <p>Safe for use by many threads.
 */
final class Initialization {
    /** For the experts that are written together. */
    private static final long INITIALIZE_MILLIS = 60_000;

    private final HazelcastInstance hazelcast;
    private final ModelLookup lookup;
    private final String name;

    Initialization(HazelcastInstance hazelcast, String name) {
        this.hazelcast = hazelcast;
        this.lookup = new ModelLookup(hazelcast, name);
        this.name = name;
    }

    /** Has the owners of a set's ranks find their slices of experts, and checks that they are as wide as they should be. */
    void run(ModelRecord record, ShardSet set, LayerDefinition layer, ExpertRange experts) {
        ModelDefinition model = record.definition();
        Dispatcher dispatcher =
                new Dispatcher(hazelcast, name, () -> set, () -> lookup.current(record), new ForwardCounters(0));
        List<Dispatcher.Part> parts = dispatcher.dispatch(
                (deployment, ranks) -> new InitializeLayer(deployment, layer.index(), experts, ranks),
                Deadline.inMillis(INITIALIZE_MILLIS));
        for (Dispatcher.Part part : parts) {
            List<Integer> widths = part.reply().report(Report.Widths.class).each();
            List<Integer> expected = new ArrayList<>();
            experts.stream().forEach(expert -> {
                for (MatrixRole matrix : layer.roles(expert)) {
                    part.ranks()
                            .forEach(rank -> expected.add(model.slice(layer, expert, matrix, rank.number())
                                    .outputs()));
                }
            });
            if (!widths.equals(expected)) {
                throw new ExpertgridException("model '" + name + "', layer " + layer.index() + ", " + experts + ", "
                        + part.ranks() + ": widths " + widths + " (expected: " + expected + ")");
            }
        }
    }
}
