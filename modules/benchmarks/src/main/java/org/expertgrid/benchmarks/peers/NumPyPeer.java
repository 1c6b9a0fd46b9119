package org.expertgrid.benchmarks.peers;

import java.nio.file.Path;
import java.util.Optional;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.Matrix;

/** NumPy with all rows of an expert in one product, as a Python user would write it. */
public final class NumPyPeer implements Peer {
    @Override
    public String name() {
        return "numpy";
    }

    @Override
    public Optional<String> absence() {
        return NumPy.python().isPresent() ? Optional.empty() : Optional.of("no python3 can import numpy");
    }

    @Override
    public boolean computes(Example example) {
        return true;
    }

    @Override
    public String description() {
        try (NumPy numPy = NumPy.start("product.py", 1)) {
            return numPy.ask("version");
        }
    }

    @Override
    public Runner prepare(Example example, int threads) {
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            write(folder.path(), example);
            NumPy numPy = NumPy.start(
                    "layer.py",
                    threads,
                    folder.path(),
                    example.weights().shape().experts(),
                    example.topK());
            return new NumPyRunner(example, folder, numPy);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static void write(Path folder, Example example) {
        NpyFile.write(folder.resolve("rows.npy"), example.rows());
        RouterWeights router = example.weights().router();
        write(folder, "router", new LinearWeights(router.weight(), router.bias()));
        for (int e = 0; e < example.weights().shape().experts(); e++) {
            ExpertWeights expert = example.weights().expert(e);
            write(folder, "expert" + e + ".fc1", expert.fc1());
            write(folder, "expert" + e + ".fc2", expert.fc2());
        }
    }

    private static void write(Path folder, String name, LinearWeights weights) {
        NpyFile.write(folder.resolve(name + ".weight.npy"), weights.weight().toMatrix());
        NpyFile.write(folder.resolve(name + ".bias.npy"), weights.bias());
    }

    private static final class NumPyRunner implements Runner {
        private final Example example;
        private final TemporaryFolder folder;
        private final NumPy numPy;
        private int batch;
        private int blocks;

        NumPyRunner(Example example, TemporaryFolder folder, NumPy numPy) {
            this.example = example;
            this.folder = folder;
            this.numPy = numPy;
        }

        @Override
        public String name() {
            return "numpy";
        }

        @Override
        public void use(int rows) {
            batch = rows;
            blocks = example.blocks(rows).size();
        }

        @Override
        public long call(int number) {
            int first = number % blocks * batch;
            return Long.parseLong(numPy.ask("time %d %d", first, first + batch));
        }

        @Override
        public Matrix result(int number) {
            int first = number % blocks * batch;
            Path file = folder.path().resolve("result.npy");
            numPy.ask("result %d %d %s", first, first + batch, file);
            return NpyFile.read(file);
        }

        @Override
        public void close() {
            numPy.close();
            folder.close();
        }
    }
}
