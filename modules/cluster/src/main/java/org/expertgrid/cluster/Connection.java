package org.expertgrid.cluster;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ConnectionRetryConfig;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.List;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.inspection.StatusReader;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.upkeep.Draining;

/**
 * A way into a cluster for code that does not deal with Hazelcast itself, such as the command line: what can be done there with
 * models, and nothing else of a {@link HazelcastInstance}.
 *
 * <p>Safe for use by many threads.
 */
public final class Connection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;

    private final HazelcastInstance hazelcast;
    private final Runnable release;

    private Connection(HazelcastInstance hazelcast, Runnable release) {
        this.hazelcast = hazelcast;
        this.release = release;
    }

    /** Uses a member that runs, which stays a member when the connection is closed. */
    public static Connection of(HazelcastInstance hazelcast) {
        return new Connection(hazelcast, () -> {});
    }

    /**
     * Starts a client.
     *
     * @throws RefusedException if no member answers at the addresses of the configuration within its cluster connect timeout, which
     *     is 10 s unless the configuration sets another
     */
    public static Connection to(ClientConfig config) {
        return client(config);
    }

    /**
     * Returns a client of a running cluster.
     *
     * @param addresses {@code host:port} of at least one member
     * @throws RefusedException if no member answers there under that name within 10 s
     */
    public static Connection to(String clusterName, List<String> addresses) {
        ClientConfig config = ExpertgridConfig.client();
        config.setClusterName(clusterName);
        config.getNetworkConfig().setAddresses(addresses);
        return client(config);
    }

    private static Connection client(ClientConfig config) {
        ConnectionRetryConfig retry = config.getConnectionStrategyConfig().getConnectionRetryConfig();
        if (retry.getClusterConnectTimeoutMillis() < 0) {
            // Hazelcast's own default is to try for ever.
            retry.setClusterConnectTimeoutMillis(CONNECT_MILLIS);
        }
        try {
            HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
            return new Connection(client, client::shutdown);
        } catch (IllegalStateException e) {
            throw new RefusedException(
                    "cluster '" + config.getClusterName() + "': no answer from "
                            + String.join(", ", config.getNetworkConfig().getAddresses()) + " within "
                            + Duration.ofMillis(retry.getClusterConnectTimeoutMillis())
                                    .toSeconds()
                            + " s (expected: a running member of a cluster of that name)",
                    e);
        }
    }

    /** Deploys a model, as {@link TensorParallelMoe.Builder#deploy} does. */
    public TensorParallelMoe deploy(TensorParallelMoe.Builder model, String name) {
        return model.deploy(hazelcast, name);
    }

    /** Connects to a model, as {@link TensorParallelMoe#connect} does. */
    public TensorParallelMoe connect(String model) {
        return TensorParallelMoe.connect(hazelcast, model);
    }

    /** Removes a model and its shards, as {@link TensorParallelMoe#undeploy(HazelcastInstance, String)} does. */
    public void undeploy(String model) {
        TensorParallelMoe.undeploy(hazelcast, model);
    }

    /**
     * Spreads a model's ranks anew, as {@link TensorParallelMoe#rebalance} does.
     *
     * @return whether there was anything to do
     */
    public boolean rebalance(String model, DeploymentProgress progress) {
        return new Rebalance(hazelcast, model).run(progress);
    }

    /** Asks every data member what it is and holds. */
    public ClusterStatus status() {
        return new StatusReader(hazelcast).cluster();
    }

    /**
     * Takes this member out of its cluster: hands its weights to the other members while it goes on answering, waits for the tasks
     * that run, and shuts it down. Where there are neither backups nor a store, and the others have no room for the weights
     * ({@link ClusterStatus#checkRoomWithout}), it leaves as if it had died: its weights are lost, and the others live on.
     *
     * @param patience how long handing over may take, and then how long running tasks are waited for
     * @throws IllegalArgumentException if this is a client's connection
     */
    public void drain(Duration patience) {
        Draining.drain(hazelcast, patience);
    }

    /** Returns the member or client that this connection uses. */
    public HazelcastInstance hazelcast() {
        return hazelcast;
    }

    /** Leaves the cluster; models that were deployed stay. */
    @Override
    public void close() {
        release.run();
    }
}
