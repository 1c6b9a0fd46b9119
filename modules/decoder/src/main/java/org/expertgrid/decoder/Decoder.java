package org.expertgrid.decoder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.decoder.architecture.Architecture;
import org.expertgrid.decoder.architecture.LayerShape;
import org.expertgrid.decoder.attention.Attention;
import org.expertgrid.decoder.attention.StepRows;
import org.expertgrid.decoder.caches.CachePool;
import org.expertgrid.decoder.caches.CacheShape;
import org.expertgrid.decoder.dense.DenseTensors;
import org.expertgrid.decoder.dense.EmbeddingTable;
import org.expertgrid.decoder.dense.GatedMlp;
import org.expertgrid.decoder.dense.Norm;
import org.expertgrid.decoder.dense.Projection;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.Matrix;

/**
 * A whole model: tokens in, logits out. A step reads the next tokens of any number of sequences, with one forward of each layer for all of
 * them together.
 *
 * <p>The logits of a sequence depend on its tokens alone: not on the sequences of the same step, and not on how its tokens were cut into
 * steps, to the bit. This holds if the expert layers keep the same promise, as those in this JVM do.
 *
 * <p>Safe for use by many threads, as long as no two steps at the same time have a sequence in common.
 */
public final class Decoder {
    private final Architecture architecture;
    private final CachePool caches;
    private final EmbeddingTable embeddings;
    private final List<DecoderLayer> layers;
    private final Norm finalNorm;
    private final Projection head;
    private final StepGroups stepGroups;

    private Decoder(
            Architecture architecture,
            CachePool caches,
            EmbeddingTable embeddings,
            List<DecoderLayer> layers,
            Norm finalNorm,
            Projection head,
            StepGroups stepGroups) {
        this.architecture = architecture;
        this.caches = caches;
        this.embeddings = embeddings;
        this.layers = layers;
        this.finalNorm = finalNorm;
        this.head = head;
        this.stepGroups = stepGroups;
    }

    /**
     * Checks that the model of a checkpoint can be opened, its experts included, and reads no weight.
     *
     * @throws BadFileException as {@link #open} does
     */
    public static void check(Checkpoint checkpoint) {
        CheckedModel.of(checkpoint, true);
    }

    /**
     * Opens the model of a checkpoint. All of it is checked before any weight is read.
     *
     * @throws BadFileException if the model's family or anything in its configuration is not supported, or a tensor is missing, misshapen or
     *     of a type that cannot be used; names every problem
     */
    public static Decoder open(Checkpoint checkpoint, DecoderOptions options) {
        Architecture architecture =
                CheckedModel.of(checkpoint, options.expertLayers().isEmpty());
        DenseTensors tensors =
                new DenseTensors(checkpoint.tensors(), options.weightsAs(), options.kernels(), options.team());
        return read(
                architecture,
                tensors,
                options.expertLayers().isPresent()
                        ? options
                        : options.withExpertLayers(
                                layer -> new BatchedMoe(checkpoint.layer(layer), options.kernels(), options.team())));
    }

    private static Decoder read(Architecture architecture, DenseTensors tensors, DecoderOptions options) {
        List<DecoderLayer> layers = new ArrayList<>();
        for (LayerShape shape : architecture.layers()) {
            layers.add(new DecoderLayer(
                    tensors.norm(shape.attentionNorm()),
                    Attention.read(shape.attention(), shape.index(), tensors, options.team()),
                    tensors.norm(shape.feedForwardNorm()),
                    experts(shape, options),
                    shape.mlp().map(tensors::mlp),
                    (float) shape.residualMultiplier()));
        }
        return new Decoder(
                architecture,
                caches(architecture, options),
                tensors.embeddings(architecture.embeddingName(), architecture.embeddingMultiplier()),
                layers,
                tensors.norm(architecture.finalNorm()),
                tensors.projection(architecture.head()),
                new StepGroups(options.groups()));
    }

    private static CachePool caches(Architecture architecture, DecoderOptions options) {
        List<CacheShape> shapes = architecture.layers().stream()
                .map(layer -> Attention.cacheShape(layer.attention()))
                .toList();
        return new CachePool(shapes, options.cacheType(), options.mostCachedTokens(), options.mostCacheBytes());
    }

    private static Optional<Layer> experts(LayerShape shape, DecoderOptions options) {
        return shape.hasExperts()
                ? Optional.of(options.expertLayers().orElseThrow().apply(shape.index()))
                : Optional.empty();
    }

    /** Returns what is computed. */
    public Architecture architecture() {
        return architecture;
    }

    /** Returns the memory for keys and values, which all sequences share. */
    public CachePool caches() {
        return caches;
    }

    /** Returns the memory that the weights take. */
    public WeightBytes weightBytes() {
        return new WeightBytes(
                embeddings.bytes(),
                layers.stream().mapToLong(layer -> layer.attention().bytes()).sum(),
                layers.stream()
                        .flatMap(layer -> layer.mlp().stream())
                        .mapToLong(GatedMlp::bytes)
                        .sum(),
                head.bytes());
    }

    /** Returns the longest sequence that the model and the bound on cached tokens allow. */
    public int mostTokens() {
        return (int) Math.min(architecture.mostPositions(), caches.mostPositions());
    }

    /**
     * Begins a sequence.
     *
     * @param mostTokens how many tokens it can have at the most, those of the prompt included
     * @throws IllegalArgumentException if that is more than {@link #mostTokens()}
     */
    public Sequence begin(int mostTokens) {
        new Problems()
                .expect(
                        mostTokens >= 1 && mostTokens <= mostTokens(),
                        "tokens of the sequence",
                        mostTokens,
                        "1 to " + mostTokens() + ", of which the model can read " + architecture.mostPositions()
                                + " and the caches can hold " + caches.mostPositions())
                .throwIfAny();
        return new Sequence(caches.open(mostTokens));
    }

    /**
     * Reads the tokens of all chunks. Where it throws, no sequence has changed, and the step can be tried again.
     *
     * @param chunks at least one, each of another sequence
     * @throws IllegalArgumentException if a token is not in the vocabulary, a sequence has two chunks, or one becomes too long
     * @throws CachesFullException if there is no memory for the keys and values of all chunks, see {@link Sequence#reserve}
     */
    public Step step(List<Chunk> chunks) {
        long begin = System.nanoTime();
        check(chunks);
        for (Chunk chunk : chunks) {
            if (!chunk.sequence().reserve(chunk.tokens().length)) {
                throw new CachesFullException("cached tokens: " + caches.usedPositions() + " and "
                        + chunk.tokens().length + " more (expected: at most " + caches.mostPositions()
                        + "; end a sequence, or allow more)");
            }
        }
        List<Hidden> groups = stepGroups.forward(chunks, this::throughLayers);
        long beforeHead = System.nanoTime();
        List<Matrix> logits = logits(chunks, hidden(groups));
        for (Chunk chunk : chunks) {
            chunk.sequence().cache().advance(chunk.tokens().length);
        }
        long end = System.nanoTime();
        StepTimes times = groups.stream().map(Hidden::times).reduce(StepTimes.NONE, StepTimes::plus);
        return new Step(
                logits,
                new StepTimes(
                        end - begin,
                        times.attention() / groups.size(),
                        times.experts() / groups.size(),
                        end - beforeHead));
    }

    /** The hidden state of those rows of some chunks whose logits are wanted, row after row, and where the time went. */
    private record Hidden(float[] rows, StepTimes times) {}

    private Hidden throughLayers(List<Chunk> chunks) {
        StepRows rows = new StepRows();
        chunks.forEach(chunk -> rows.add(chunk.sequence().cache(), chunk.tokens().length));
        float[] hidden = embed(chunks, rows.count());
        StepTimes times = StepTimes.NONE;
        int last = layers.size() - 1;
        for (DecoderLayer layer : layers.subList(0, last)) {
            times = times.plus(layer.attend(hidden, rows)).plus(layer.feedForward(hidden, rows.count()));
        }
        times = times.plus(layers.get(last).attend(hidden, rows));
        // nothing reads the other rows behind the last attention: most rows of a prompt
        float[] wanted = wanted(chunks, hidden);
        times = times.plus(layers.get(last).feedForward(wanted, wantedLogits(chunks)));
        return new Hidden(wanted, times);
    }

    private static int wantedLogits(List<Chunk> chunks) {
        return chunks.stream().mapToInt(Chunk::wantedLogits).sum();
    }

    private float[] wanted(List<Chunk> chunks, float[] hidden) {
        int width = architecture.hiddenDim();
        float[] wanted = new float[Matrix.elements(wantedLogits(chunks), width)];
        int end = 0;
        int to = 0;
        for (Chunk chunk : chunks) {
            end += chunk.tokens().length * width;
            int length = chunk.wantedLogits() * width;
            System.arraycopy(hidden, end - length, wanted, to, length);
            to += length;
        }
        return wanted;
    }

    private static float[] hidden(List<Hidden> groups) {
        if (groups.size() == 1) {
            return groups.get(0).rows();
        }
        float[] all =
                new float[groups.stream().mapToInt(group -> group.rows().length).sum()];
        int to = 0;
        for (Hidden group : groups) {
            System.arraycopy(group.rows(), 0, all, to, group.rows().length);
            to += group.rows().length;
        }
        return all;
    }

    private void check(List<Chunk> chunks) {
        Problems problems = new Problems().expect(!chunks.isEmpty(), "chunks", 0, "at least 1");
        Set<Sequence> sequences = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Chunk chunk : chunks) {
            problems.expect(sequences.add(chunk.sequence()), "chunks", "two of one sequence", "one of each sequence");
            problems.expect(
                    chunk.tokens().length
                            <= chunk.sequence().mostTokens() - chunk.sequence().length(),
                    "tokens of the sequence",
                    chunk.sequence().length() + " + " + chunk.tokens().length,
                    "at most " + chunk.sequence().mostTokens() + ", which it began with");
            for (int token : chunk.tokens()) {
                problems.expect(
                        token >= 0 && token < architecture.vocabularySize(),
                        "token",
                        token,
                        "0 to " + (architecture.vocabularySize() - 1));
            }
        }
        problems.throwIfAny();
    }

    private float[] embed(List<Chunk> chunks, int rows) {
        int width = architecture.hiddenDim();
        float[] hidden = new float[Matrix.elements(rows, width)];
        int row = 0;
        for (Chunk chunk : chunks) {
            for (int token : chunk.tokens()) {
                embeddings.row(token, hidden, row * width);
                row++;
            }
        }
        return hidden;
    }

    /** Computes the logits of all wanted rows in one product. */
    private List<Matrix> logits(List<Chunk> chunks, float[] wanted) {
        Matrix all = divided(
                head.forward(Matrix.wrap(wantedLogits(chunks), architecture.hiddenDim(), finalNorm.apply(wanted))));
        List<Matrix> logits = new ArrayList<>();
        int from = 0;
        for (Chunk chunk : chunks) {
            logits.add(all.rowRange(from, from + chunk.wantedLogits()));
            from += chunk.wantedLogits();
        }
        return logits;
    }

    private Matrix divided(Matrix logits) {
        if (architecture.logitsDivisor() == 1) {
            return logits;
        }
        float[] divided = logits.toFloatArray();
        for (int i = 0; i < divided.length; i++) {
            divided[i] /= (float) architecture.logitsDivisor();
        }
        return Matrix.wrap(logits.rows(), logits.columns(), divided);
    }
}
