package org.expertgrid.benchmarks.peers;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;

/** Expertgrid itself: {@link BatchedMoe} with the kernels of that name. */
public record KernelsPeer(String name) implements Peer {
    public static KernelsPeer best() {
        return new KernelsPeer(KernelsChoice.best().name());
    }

    @Override
    public Optional<String> absence() {
        try {
            KernelsChoice.named(name);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public boolean computes(Example example) {
        return true;
    }

    @Override
    public String description() {
        return "BatchedMoe, kernels " + KernelsChoice.named(name).description();
    }

    @Override
    public Runner prepare(Example example, int threads) {
        return new LayerRunner(example, threads);
    }

    private final class LayerRunner implements Runner {
        private final Example example;
        private final ExecutorService executor;
        private final Layer layer;
        private List<Matrix> blocks = List.of();

        LayerRunner(Example example, int threads) {
            this.example = example;
            this.executor = Executors.newFixedThreadPool(threads);
            ThreadTeam team = threads == 1 ? ThreadTeam.ofCaller() : ThreadTeam.of(executor, threads);
            this.layer = new BatchedMoe(example.weights(), example.topK(), KernelsChoice.named(name), team);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void use(int batch) {
            blocks = example.blocks(batch);
        }

        @Override
        public long call(int number) {
            Matrix x = blocks.get(number % blocks.size());
            long start = System.nanoTime();
            layer.forward(x);
            return System.nanoTime() - start;
        }

        @Override
        public Matrix result(int number) {
            return layer.forward(blocks.get(number % blocks.size()));
        }

        @Override
        public void close() {
            executor.shutdown();
        }
    }
}
