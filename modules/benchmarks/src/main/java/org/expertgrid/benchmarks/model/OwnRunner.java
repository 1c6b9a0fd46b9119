package org.expertgrid.benchmarks.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.narrowing.NarrowedWeights;
import org.expertgrid.decoder.Chunk;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.Sequence;
import org.expertgrid.decoder.Step;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.WeightFormat;

/** Expertgrid in this JVM. */
final class OwnRunner implements ModelRunner {
    private final Decoder decoder;
    private final List<Sequence> sequences = new ArrayList<>();
    private final int mostTokens;
    private Step last;

    /**
     * Loads the model of a folder.
     *
     * @param format the format that all matrices are kept in
     * @param mostTokens the most tokens of a sequence
     */
    OwnRunner(Path folder, WeightFormat format, int threads, int mostTokens) {
        this.mostTokens = mostTokens;
        Checkpoint checkpoint = Checkpoint.open(folder);
        DecoderOptions options = DecoderOptions.defaults()
                .withTeam(ThreadTeam.of(ForkJoinPool.commonPool(), threads))
                .withWeightsAs(format);
        decoder = Decoder.open(checkpoint, options.withExpertLayers(layer -> {
            MoeWeights stored = checkpoint.layer(layer);
            return new BatchedMoe(
                    format == WeightFormat.BF16 ? stored : new NarrowedWeights(stored, format, options.kernels()),
                    options.kernels(),
                    options.team());
        }));
    }

    @Override
    public String name() {
        return "expertgrid";
    }

    @Override
    public void begin(int count) {
        sequences.forEach(Sequence::close);
        sequences.clear();
        for (int i = 0; i < count; i++) {
            sequences.add(decoder.begin(mostTokens));
        }
    }

    @Override
    public void step(int[][] tokens) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            chunks.add(new Chunk(sequences.get(i), tokens[i], 1));
        }
        last = decoder.step(chunks);
    }

    @Override
    public float[] logits(int sequence) {
        return last.logits().get(sequence).toFloatArray();
    }

    @Override
    public void close() {
        sequences.forEach(Sequence::close);
    }
}
