package org.expertgrid.benchmarks.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.narrowing.NarrowedWeights;
import org.expertgrid.decoder.Chunk;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.Sequence;
import org.expertgrid.decoder.Step;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.WeightFormat;

/** Expertgrid: the front in this JVM, the experts in this JVM or on members. */
final class OwnRunner implements ModelRunner {
    static final String ONE_JVM = "expertgrid";

    private final String name;
    private final Decoder decoder;
    private final List<Sequence> sequences = new ArrayList<>();
    private final int mostTokens;
    private Step last;

    private OwnRunner(
            String name, Checkpoint checkpoint, DecoderOptions options, IntFunction<Layer> layers, int mostTokens) {
        this.name = name;
        this.mostTokens = mostTokens;
        decoder = Decoder.open(checkpoint, options.withExpertLayers(layers));
    }

    /**
     * Loads the model of a folder into this JVM.
     *
     * @param format the format that all matrices are kept in
     * @param mostTokens the most tokens of a sequence
     */
    static OwnRunner inThisJvm(Path folder, WeightFormat format, int threads, int mostTokens) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        DecoderOptions options = options(format, threads);
        return new OwnRunner(
                ONE_JVM,
                checkpoint,
                options,
                layer -> new BatchedMoe(weights(checkpoint, layer, format, options), options.kernels(), options.team()),
                mostTokens);
    }

    /** Loads the front of the model of a folder into this JVM, and deploys its experts on members. */
    static OwnRunner onMembers(
            ExpertMembers members,
            int ranks,
            int groups,
            Path folder,
            WeightFormat format,
            int threads,
            int mostTokens) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        DecoderOptions options = options(format, threads);
        SortedMap<Integer, MoeWeights> weights = new TreeMap<>();
        checkpoint
                .moeLayers()
                .moeLayers()
                .forEach(layer -> weights.put(layer, weights(checkpoint, layer, format, options)));
        members.deploy(weights, ranks);
        return new OwnRunner(
                ONE_JVM + ", " + members.members() + (members.members() == 1 ? " member" : " members"),
                checkpoint,
                options.withGroups(groups),
                members::layer,
                mostTokens);
    }

    private static DecoderOptions options(WeightFormat format, int threads) {
        return DecoderOptions.defaults()
                .withTeam(ThreadTeam.of(ForkJoinPool.commonPool(), threads))
                .withWeightsAs(format);
    }

    private static MoeWeights weights(Checkpoint checkpoint, int layer, WeightFormat format, DecoderOptions options) {
        MoeWeights stored = checkpoint.layer(layer);
        return format == WeightFormat.BF16 ? stored : new NarrowedWeights(stored, format, options.kernels());
    }

    @Override
    public String name() {
        return name;
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
