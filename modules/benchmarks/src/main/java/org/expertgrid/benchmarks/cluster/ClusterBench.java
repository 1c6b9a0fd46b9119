package org.expertgrid.benchmarks.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.expertgrid.benchmarks.cluster.ClusterRun.Load;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.WrongAnswerException;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.kernels.Matrix;

/**
 * Measures loads on one cluster: the deployed layer, beside the same layer in this JVM alone and an echo of the same bytes.
 *
 * <p>For one thread.
 */
final class ClusterBench implements AutoCloseable {
    private static final Duration LONGEST_WINDOW = Duration.ofNanos(200_000);
    private static final int WARM_UP_ROWS = 200;

    private final HazelcastInstance hazelcast;
    private final List<Member> others;
    private final Example example;
    private final Layer alone;
    private final Rounds.Plan plan;
    private final Map<Exchange, TensorParallelMoe> models = new TreeMap<>();
    private final Map<Exchange, TensorParallelMoe> batching = new TreeMap<>();

    /**
     * Deploys the example on the cluster, once for each exchange.
     *
     * @param alone the same layer in this JVM
     * @param plan the plan of the measurement; each load has its own number of callers
     */
    ClusterBench(
            BenchCluster cluster, Example example, Layer alone, int ranks, Set<Exchange> exchanges, Rounds.Plan plan) {
        this.hazelcast = cluster.hazelcast();
        this.others = cluster.others();
        this.example = example;
        this.alone = alone;
        this.plan = plan;
        try {
            for (Exchange exchange : exchanges) {
                TensorParallelMoe model = deploy(ranks, exchange);
                models.put(exchange, model);
                CallerOptions options = CallerOptions.defaults().withBatchingWindow(LONGEST_WINDOW);
                batching.put(exchange, TensorParallelMoe.connect(hazelcast, model.name(), options));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private TensorParallelMoe deploy(int ranks, Exchange exchange) {
        TensorParallelMoe model = TensorParallelMoe.builder(example.weights())
                .topK(example.topK())
                .ranks(ranks)
                .exchange(exchange)
                .deploy(hazelcast, "bench-" + Output.text(exchange) + "-" + Output.text(example.elementType()));
        double difference = Agreement.ofScale(model.forward(example.rows()), alone.forward(example.rows()));
        double allowed = Agreement.tolerance(example.elementType());
        if (!(difference <= allowed)) {
            throw new WrongAnswerException(exchange + ": differs from the layer in one JVM by " + difference
                    + " of scale (expected: at most " + allowed + ")");
        }
        return model;
    }

    /**
     * Calls with all these batches in turn until the time has passed, so that the members' JVMs compile the code.
     */
    void warmUp(List<Integer> batches, Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            for (int batch : batches) {
                Matrix x = example.rows().rowRange(0, batch);
                int calls = Math.max(1, WARM_UP_ROWS / batch);
                for (int i = 0; i < calls && System.nanoTime() < end; i++) {
                    models.values().forEach(model -> model.forward(x));
                }
            }
        }
    }

    /** Measures loads of one batch size and one number of callers together, and passes each run to {@code done}. */
    void measure(List<Load> loads, Consumer<ClusterRun> done) {
        Load first = loads.get(0);
        List<Matrix> blocks = example.blocks(first.batch());
        List<Subject> subjects = new ArrayList<>();
        subjects.add(forwarding("batched", alone, blocks));
        for (Load load : loads) {
            subjects.add(echo(load, blocks));
            subjects.add(forwarding("forward", handle(load), blocks));
        }
        Rounds.Plan own =
                new Rounds.Plan(first.callers(), plan.warmUp(), plan.measuring(), plan.pause(), plan.leadIn());
        List<MoeStatistics> before =
                loads.stream().map(load -> handle(load).statistics()).toList();
        List<Measurement> measured = Rounds.measure(
                subjects,
                own,
                LoopbackBytes::sinceStart,
                AllocatedBytes::ofThisJvm,
                () -> Echo.allocatedBy(others, hazelcast));
        for (int i = 0; i < loads.size(); i++) {
            Load load = loads.get(i);
            done.accept(new ClusterRun(
                    load,
                    measured.get(2 * i + 2),
                    measured.get(0),
                    measured.get(2 * i + 1),
                    traffic(load).minimum(load.batch()),
                    Breakdown.between(before.get(i), handle(load).statistics())));
        }
    }

    private TensorParallelMoe handle(Load load) {
        return (load.batching() ? batching : models).get(load.exchange());
    }

    private static Subject forwarding(String name, Layer layer, List<Matrix> blocks) {
        return Subject.of(name, number -> layer.forward(blocks.get(number % blocks.size())));
    }

    private Echo echo(Load load, List<Matrix> blocks) {
        Traffic traffic = traffic(load);
        TensorParallelMoe model = models.get(load.exchange());
        List<Routing> routings = blocks.stream().map(model::route).toList();
        List<List<Echo.Step>> steps = routings.stream().map(traffic::steps).toList();
        return new Echo("echo", hazelcast, number -> steps.get(number % steps.size()), steps.size());
    }

    private Traffic traffic(Load load) {
        return new Traffic(models.get(load.exchange()).status(), others);
    }

    /** Undeploys the models; the cluster stays. */
    @Override
    public void close() {
        batching.values().forEach(TensorParallelMoe::close);
        models.values().forEach(model -> {
            model.undeploy();
            model.close();
        });
    }

    /** Returns the exchanges of these loads. */
    static Set<Exchange> exchanges(List<Load> loads) {
        Set<Exchange> exchanges = new LinkedHashSet<>();
        loads.forEach(load -> exchanges.add(load.exchange()));
        return exchanges;
    }
}
