package org.expertgrid.benchmarks.model;

import java.nio.file.Path;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.kernels.WeightFormat;

/** Compares what two programs compute from the same model. */
final class LogitsCheck {
    private static final int TOKENS = 24;
    private static final int SEQUENCES = 3;
    private static final int STEPS = 4;

    private LogitsCheck() {}

    /** Returns the largest difference of Expertgrid and llama.cpp from a small random model in float32. */
    static double largestDifference(LlamaLibrary library) {
        ModelShape shape = ModelShape.SMALL;
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            SafetensorsFile.write(shape, folder.path());
            Path file = folder.path().resolve("model.gguf");
            GgufFile.write(shape, GgufType.F32, file);
            int mostTokens = SEQUENCES * TOKENS * STEPS;
            try (ModelRunner ours = OwnRunner.inThisJvm(folder.path(), WeightFormat.FLOAT32, 1, TOKENS * STEPS);
                    ModelRunner theirs = new LlamaRunner(library, file, shape.vocabulary(), 1, mostTokens, SEQUENCES)) {
                return largestDifference(shape, ours, theirs);
            }
        }
    }

    /** Returns the largest difference of two logits, in terms of the largest magnitude of a logit. */
    static double largestDifference(ModelShape shape, ModelRunner ours, ModelRunner theirs) {
        ours.begin(SEQUENCES);
        theirs.begin(SEQUENCES);
        double largest = 0;
        double scale = 0;
        RandomTokens random = new RandomTokens(shape.vocabulary());
        for (int step = 0; step < STEPS; step++) {
            int[][] tokens = random.next(SEQUENCES, step % 2 == 0 ? TOKENS : 1);
            ours.step(tokens);
            theirs.step(tokens);
            for (int sequence = 0; sequence < SEQUENCES; sequence++) {
                float[] a = ours.logits(sequence);
                float[] b = theirs.logits(sequence);
                for (int i = 0; i < a.length; i++) {
                    largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
                    scale = Math.max(scale, Math.abs(a[i]));
                }
            }
        }
        return largest / scale;
    }
}
