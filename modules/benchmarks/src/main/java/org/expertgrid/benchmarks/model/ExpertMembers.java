package org.expertgrid.benchmarks.model;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.expertgrid.benchmarks.cluster.Echo;
import org.expertgrid.benchmarks.cluster.Traffic;
import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.cluster.ModelDeployment;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Matrix;

/**
 * Member JVMs on this machine that hold the experts of one model at a time, without backups. This JVM is their client.
 *
 * <p>For one thread; the layers are safe for use by many.
 */
final class ExpertMembers implements AutoCloseable {
    private static final String MODEL = "model";
    private static final int START_SECONDS = 180;

    private final Deque<Runnable> endings = new ArrayDeque<>();
    private final SortedMap<Integer, TensorParallelMoe> layers = new TreeMap<>();
    private final int members;
    private final HazelcastInstance client;

    private ExpertMembers(int members, String heap) {
        this.members = members;
        try {
            TemporaryFolder logs = TemporaryFolder.create();
            endings.push(logs::close);
            LocalCluster cluster = LocalCluster.start(
                    new LocalCluster.Options(members, heap, logs.path(), 0, true, START_SECONDS).withBackups(0));
            endings.push(cluster::close);
            client = HazelcastClient.newHazelcastClient(cluster.clientConfig());
            endings.push(client::shutdown);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Starts that many members, each with that heap, and returns when they have formed a cluster. */
    static ExpertMembers start(int members, String heap) {
        return new ExpertMembers(members, heap);
    }

    /** Returns the number of members. */
    int members() {
        return members;
    }

    /**
     * Deploys the experts of a model, in place of those before.
     *
     * @param weights the weights of each layer by its number
     * @param ranks the parts of every weight
     */
    void deploy(SortedMap<Integer, MoeWeights> weights, int ranks) {
        undeploy();
        new ModelDeployment("", weights).ranks(ranks).deploy(client, MODEL);
        weights.keySet().forEach(number -> layers.put(number, TensorParallelMoe.connect(client, MODEL + "/" + number)));
    }

    /** Removes the experts, if there are any. */
    void undeploy() {
        if (!layers.isEmpty()) {
            layers.values().forEach(TensorParallelMoe::close);
            layers.clear();
            TensorParallelMoe.undeploy(client, MODEL);
        }
    }

    /** Returns the deployed layer of that number. */
    Layer layer(int number) {
        return layers.get(number);
    }

    /** Returns a gauge of a part of the time that the calls of all layers took in this JVM, in nanoseconds. */
    LongSupplier nanos(Function<MoeStatistics, Duration> part) {
        return () -> layers.values().stream()
                .map(TensorParallelMoe::statistics)
                .map(part)
                .mapToLong(Duration::toNanos)
                .sum();
    }

    /** Returns a subject that sends the bytes of one forward of that many rows to all members and back, without any work. */
    Subject echo(int rows) {
        TensorParallelMoe layer = layers.get(layers.firstKey());
        Matrix x =
                Matrix.zeros(layer.status().elementType(), rows, layer.shape().inputDim());
        Traffic traffic =
                new Traffic(layer.status(), List.copyOf(client.getCluster().getMembers()));
        List<Echo.Step> steps = traffic.steps(layer.route(x));
        return new Echo("echo", client, number -> steps, 1);
    }

    /** Ends the client and the members. */
    @Override
    public void close() {
        while (!endings.isEmpty()) {
            endings.pop().run();
        }
    }
}
