package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.expertgrid.cluster.deploying.Deployment;
import org.expertgrid.cluster.deploying.ModelWeights;
import org.expertgrid.cluster.deploying.Needs;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.ModelNeeds;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.MoeWeights;

/**
 * Deploys several Mixture-of-Experts layers as one model: under one name, with one placement, and removed together. Layer 3 of the
 * model {@code olmoe} is {@link TensorParallelMoe#connect(HazelcastInstance, String) connect(hazelcast, "olmoe/3")}.
 *
 * <pre>{@code
 * new ModelDeployment("olmoe", Map.of(0, checkpoint.layer(0), 3, checkpoint.layer(3))).ranks(8).deploy(hazelcast, "olmoe");
 * }</pre>
 *
 * <p>For one thread.
 */
public final class ModelDeployment {
    private final String family;
    private final SortedMap<Integer, MoeWeights> weights;
    private int ranks = 4;
    private Exchange exchange = Exchange.REDUCE;
    private DeploymentProgress progress = part -> {};

    /**
     * Takes the layers of a model, with the defaults 4 ranks and {@link Exchange#REDUCE}.
     *
     * @param family the family of checkpoints that the model is of, for people; "" for none
     * @param weights the weights of each layer by the layer's index; each expert is asked for once, in ascending order, when it is deployed
     */
    public ModelDeployment(String family, Map<Integer, MoeWeights> weights) {
        this.family = Objects.requireNonNull(family, "family");
        this.weights = new TreeMap<>(weights);
    }

    /** How many parts every weight is divided into: at least 1, and so many at most that each rank has a part of every weight. */
    public ModelDeployment ranks(int ranks) {
        this.ranks = ranks;
        return this;
    }

    /** How the experts are cut. */
    public ModelDeployment exchange(Exchange exchange) {
        this.exchange = Objects.requireNonNull(exchange, "exchange");
        return this;
    }

    /** Sets the listener that is told, on the deploying thread, how far the deployment has come. */
    public ModelDeployment progress(DeploymentProgress progress) {
        this.progress = Objects.requireNonNull(progress, "progress");
        return this;
    }

    /**
     * Writes the weights into the cluster, one expert at a time. A deployment that fails leaves nothing behind.
     *
     * @param hazelcast a member or client of the cluster
     * @param name the name of the model, not blank and not taken
     * @throws IllegalArgumentException if the name or the options cannot be, or do not fit the weights; names every problem, before
     *     anything is changed
     * @throws org.expertgrid.cluster.errors.RefusedException if the members have no room for the model, before anything is changed
     * @throws org.expertgrid.cluster.errors.ModelExistsException if the name is taken
     * @throws org.expertgrid.cluster.errors.NoDataMembersException if the cluster has no member that could hold weights
     * @throws org.expertgrid.cluster.errors.NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
     */
    public void deploy(HazelcastInstance hazelcast, String name) {
        new Deployment(hazelcast, name).deploy(definition(name), ModelWeights.of(weights), progress);
    }

    /**
     * Returns what members would need for the model, without a cluster. No expert is asked for.
     *
     * @param members how many data members there would be
     * @param backups how many copies of each shard beside the first
     * @throws IllegalArgumentException if the options do not fit the weights
     */
    public ModelNeeds needs(int members, int backups) {
        new Problems()
                .expect(members >= 1, "members", members, "at least 1")
                .expect(backups >= 0, "backups", backups, "at least 0")
                .throwIfAny();
        return Needs.of(definition("model"), members, backups);
    }

    private ModelDefinition definition(String name) {
        List<LayerDefinition> layers = weights.entrySet().stream()
                .map(layer -> LayerDefinition.of(layer.getKey(), layer.getValue()))
                .toList();
        new Problems().expect(!layers.isEmpty(), "layers", 0, "at least 1").throwIfAny();
        ModelDefinition definition = ModelDefinition.of(ModelDefinition.Kind.MOE, family, exchange, ranks, layers);
        definition.check(new Problems(), name).throwIfAny();
        return definition;
    }
}
