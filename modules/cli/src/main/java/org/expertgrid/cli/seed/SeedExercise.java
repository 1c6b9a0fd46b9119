package org.expertgrid.cli.seed;

import com.hazelcast.core.HazelcastInstance;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.layers.SimpleMoe;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;

/**
 * The exercise that Expertgrid began as: one random model, built and timed in three ways.
 *
 * <p>Rows come from the generator 'testing' and weights from 'router' and 'expert'. Each way resets the generators first, so all ways
 * compute the same numbers.
 */
public final class SeedExercise {
    private static final int WARM_UP_FORWARDS = 10;
    /** No forward to warm up begins later. */
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(6);

    private SeedExercise() {}

    /**
     * The parameters of the seed's functions.
     *
     * @param batchSize rows, 0 is legal
     * @param featureDim width of a row
     * @param hiddenDim width between an expert's layers
     * @param outputDim width of a result
     * @param numExperts experts
     * @param topk experts a row goes to
     * @param elementType what all matrices hold; the seed knows float64 alone
     * @param repetitions how many timed forwards the time is the median of; the seed has 1
     */
    public record Parameters(
            int batchSize,
            int featureDim,
            int hiddenDim,
            int outputDim,
            int numExperts,
            int topk,
            ElementType elementType,
            int repetitions) {
        public Parameters {
            new Problems()
                    .expect(batchSize >= 0, "batchSize", batchSize, "at least 0")
                    .expect(topk >= 1, "topk", topk, "at least 1")
                    .expect(repetitions >= 1, "repetitions", repetitions, "at least 1")
                    .throwIfAny();
            new MoeShape(featureDim, hiddenDim, outputDim, numExperts);
        }

        /** Returns the defaults of the seed's functions. */
        public static Parameters defaults() {
            return new Parameters(10, 10, 10, 10, 1, 1, ElementType.FLOAT64, 1);
        }

        /** Returns the arguments with which the seed calls its functions. */
        public static Parameters seed() {
            return new Parameters(1000, 1000, 1000, 1000, 10, 2, ElementType.FLOAT64, 1);
        }

        public MoeShape shape() {
            return new MoeShape(featureDim, hiddenDim, outputDim, numExperts);
        }

        /** Returns the rows; there may be none. */
        public Matrix rows(NamedRandomStates states) {
            try (NamedRandomStates.Scope testing = states.enter("testing")) {
                return testing.randomState().randn(batchSize, featureDim).to(elementType);
            }
        }

        public MoeWeights weights(NamedRandomStates states) {
            return MoeWeights.random(shape(), elementType, states);
        }
    }

    /**
     * The result of one way.
     *
     * @param output the result of the last forward
     * @param milliseconds the median time of a forward, after others to warm up
     */
    public record Outcome(Matrix output, double milliseconds) {}

    /**
     * The result on a cluster.
     *
     * @param outcome result and time
     * @param status members and models just before the model was undeployed
     */
    public record ClusterOutcome(Outcome outcome, ClusterStatus status) {}

    /** The seed's {@code test_simple_moe}: one token at a time. */
    public static Outcome testSimpleMoe(Parameters parameters, Kernels kernels) {
        return testSimpleMoe(parameters, kernels, () -> {});
    }

    /** Does the same, and runs {@code whenWarm} before the first timed forward. It may wait for other work to end. */
    public static Outcome testSimpleMoe(Parameters parameters, Kernels kernels, Runnable whenWarm) {
        NamedRandomStates states = new NamedRandomStates();
        Matrix x = parameters.rows(states);
        return time(new SimpleMoe(parameters.weights(states), parameters.topk(), kernels), x, parameters, whenWarm);
    }

    /** Computes all rows of an expert in one product, on all cores of this JVM: the baseline for the cluster. */
    public static Outcome testBatchedMoe(Parameters parameters, Kernels kernels) {
        NamedRandomStates states = new NamedRandomStates();
        Matrix x = parameters.rows(states);
        int cores = Runtime.getRuntime().availableProcessors();
        ForkJoinPool pool = new ForkJoinPool(cores);
        try {
            ThreadTeam team = ThreadTeam.of(pool, cores);
            return time(new BatchedMoe(parameters.weights(states), parameters.topk(), kernels, team), x, parameters);
        } finally {
            pool.shutdown();
        }
    }

    /**
     * The seed's {@code test_tp_moe}: the model deployed on the cluster of {@code hazelcast}, and undeployed at the end.
     *
     * @param numWorkers ranks that every weight is divided over; the seed's default is 1
     */
    public static Outcome testTpMoe(HazelcastInstance hazelcast, Parameters parameters, int numWorkers) {
        return testTpMoe(hazelcast, parameters, model -> model.ranks(numWorkers), (model, x) -> {})
                .outcome();
    }

    /**
     * Does the same through a connection, and returns the status of the cluster, too.
     *
     * @param options what else is to be set before the model is deployed: ranks, exchange, progress
     * @param atEnd what is to be done with the model and the rows before it is undeployed; no longer part of the outcome
     */
    public static ClusterOutcome testTpMoe(
            Connection connection,
            Parameters parameters,
            UnaryOperator<TensorParallelMoe.Builder> options,
            BiConsumer<TensorParallelMoe, Matrix> atEnd) {
        return testTpMoe(connection.hazelcast(), parameters, options, atEnd);
    }

    private static ClusterOutcome testTpMoe(
            HazelcastInstance hazelcast,
            Parameters parameters,
            UnaryOperator<TensorParallelMoe.Builder> options,
            BiConsumer<TensorParallelMoe, Matrix> atEnd) {
        NamedRandomStates states = new NamedRandomStates();
        Matrix x = parameters.rows(states);
        TensorParallelMoe.Builder model =
                TensorParallelMoe.builder(parameters.weights(states)).topK(parameters.topk());
        try (TensorParallelMoe moe = options.apply(model).deploy(hazelcast, "seed-exercise-" + UUID.randomUUID())) {
            try {
                ClusterOutcome outcome = new ClusterOutcome(
                        time(moe, x, parameters), Connection.of(hazelcast).status());
                atEnd.accept(moe, x);
                return outcome;
            } finally {
                moe.undeploy();
            }
        }
    }

    /** Returns the last output and the median time of the repetitions, after forwards to warm up. */
    public static Outcome time(Layer layer, Matrix x, Parameters parameters) {
        return time(layer, x, parameters, () -> {});
    }

    private static Outcome time(Layer layer, Matrix x, Parameters parameters, Runnable whenWarm) {
        Matrix output = warmUp(layer, x);
        whenWarm.run();
        double[] milliseconds = new double[parameters.repetitions()];
        for (int i = 0; i < milliseconds.length; i++) {
            long start = System.nanoTime();
            output = layer.forward(x);
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(milliseconds);
        int middle = milliseconds.length / 2;
        double median = milliseconds.length % 2 == 1
                ? milliseconds[middle]
                : (milliseconds[middle - 1] + milliseconds[middle]) / 2;
        return new Outcome(output, median);
    }

    /** JVMs compile their code meanwhile: members of a cluster are slow at first, because each has computed little. */
    private static Matrix warmUp(Layer layer, Matrix x) {
        long end = System.nanoTime() + WARM_UP_NANOS;
        Matrix output = layer.forward(x);
        for (int forwards = 1; forwards < WARM_UP_FORWARDS && System.nanoTime() - end < 0; forwards++) {
            output = layer.forward(x);
        }
        return output;
    }
}
