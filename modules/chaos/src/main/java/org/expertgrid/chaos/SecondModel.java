package org.expertgrid.chaos;

import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.atomic.AtomicBoolean;
import org.expertgrid.chaos.cluster.ChaosCluster;
import org.expertgrid.chaos.load.Reference;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * A model that is deployed while a member is lost. The deployment either completes, and the model answers right, or fails with a clear
 * error and leaves no shards.
 *
 * <p>For one thread.
 */
final class SecondModel {
    private static final String NAME = "chaos-second";

    private final HazelcastInstance client;
    private final Reference reference;
    private final ShapeOptions shape;
    private final Tally tally;
    /** The number of shards of the first model while it is not being moved. */
    private final int shardsWithoutIt;

    /** Takes a client of a cluster on which the first model is deployed already. */
    SecondModel(HazelcastInstance client, Reference reference, ShapeOptions shape, Tally tally) {
        this.client = client;
        this.reference = reference;
        this.shape = shape;
        this.tally = tally;
        this.shardsWithoutIt = shards();
    }

    /**
     * Deploys the model, injects the fault when half of the experts are deployed, and reports violations to the tally. That the fault was not
     * injected half-way is one, too.
     */
    void deployAnd(Runnable fault, Runnable settle) {
        AtomicBoolean injected = new AtomicBoolean();
        TensorParallelMoe.Builder builder = reference.model(shape).progress(part -> {
            boolean halfWay = part.experts() < part.ofExperts() && 2 * part.experts() >= part.ofExperts();
            if (halfWay && injected.compareAndSet(false, true)) {
                fault.run();
            }
        });
        try (TensorParallelMoe model = builder.deploy(client, NAME)) {
            int wrong = reference.wrongRows(0, model.forward(reference.batch(0)));
            if (wrong > 0) {
                tally.failed(NAME, "deployed while a member was lost, and " + wrong + " rows were wrong", null);
            }
            settle.run();
            model.undeploy();
        } catch (ExpertgridException e) {
            settle.run();
            tally.refused(NAME, e);
        }
        if (!injected.get()) {
            tally.failed(NAME, "deployed without a fault half-way", null);
        }
        if (!ChaosCluster.becomes(() -> shards() == shardsWithoutIt && !isThere())) {
            tally.failed(NAME, "removed, but " + (shards() - shardsWithoutIt) + " of its shards are left", null);
        }
    }

    private int shards() {
        return client.getMap(ChaosCluster.SHARDS).size();
    }

    private boolean isThere() {
        return Connection.of(client).status().models().stream()
                .anyMatch(model -> model.name().equals(NAME));
    }
}
