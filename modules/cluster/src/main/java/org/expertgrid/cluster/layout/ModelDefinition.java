package org.expertgrid.cluster.layout;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongBiFunction;
import java.util.stream.IntStream;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.ranks.RankSlice;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MatrixRole.Cut;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;

/**
 * The description of a deployed model that does not depend on where its shards are. It never changes.
 *
 * @param id drawn anew by each deployment
 * @param kind what was deployed
 * @param family the family of checkpoints that it is of, for people; "" where it is of none
 * @param exchange how the experts are cut
 * @param ranks how many parts every weight is divided into
 * @param layers its layers, by ascending index; at least one, but none where they are not known, because another version has written the record
 */
public record ModelDefinition(
        UUID id, Kind kind, String family, Exchange exchange, int ranks, List<LayerDefinition> layers) {
    public ModelDefinition {
        layers = List.copyOf(layers);
    }

    /** The kinds of things that can be deployed under a name. */
    public enum Kind {
        MOE("Mixture-of-Experts layer", "TensorParallelMoe"),
        EXPERT("expert", "ShardedExpert"),
        LINEAR("linear layer", "ShardedLinear");

        public final String description;
        public final String className;

        Kind(String description, String className) {
            this.description = description;
            this.className = className;
        }
    }

    /** Returns the definition of a model that is about to be deployed. */
    public static ModelDefinition of(
            Kind kind, String family, Exchange exchange, int ranks, List<LayerDefinition> layers) {
        return new ModelDefinition(UUID.randomUUID(), kind, family, exchange, ranks, layers);
    }

    /** Adds what keeps this from being deployed under a name. */
    public Problems check(Problems problems, String name) {
        problems.expect(!name.isBlank(), "name", "'" + name + "'", "not blank");
        for (LayerDefinition layer : layers) {
            new RankLimits(exchange, layer.shape()).expect(problems, "ranks", ranks);
        }
        return problems;
    }

    /** Returns whether there is a layer of that index. */
    public boolean hasLayer(int index) {
        return layers.stream().anyMatch(layer -> layer.index() == index);
    }

    /**
     * Returns the layer of an index.
     *
     * @throws IllegalArgumentException if there is none
     */
    public LayerDefinition layer(int index) {
        return layers.stream()
                .filter(layer -> layer.index() == index)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("layer: " + index + " (expected: one of "
                        + layers.stream().map(LayerDefinition::index).toList() + ")"));
    }

    /** Returns how a matrix is divided over the ranks. */
    public Cut cut(MatrixRole matrix) {
        return exchange == Exchange.REDUCE ? matrix.cut() : Cut.OUTPUTS;
    }

    /** Returns how a rank's slice of one of an expert's matrices is packed. */
    public TileLayout slice(LayerDefinition layer, int expert, MatrixRole matrix, int rank) {
        ExpertMatrix whole = layer.matrix(expert, matrix);
        RankSlice slice = new RankSlice(rank, ranks);
        ExpertMatrix part = slice.of(whole, cut(matrix));
        int firstInput = cut(matrix) == Cut.INPUTS ? slice.from(whole.inputs()) : 0;
        return TileLayout.of(layer.format(expert, matrix), part.inputs(), part.outputs(), firstInput);
    }

    /** Returns how many tiles a rank's slice of one of an expert's matrices has. */
    public int tiles(LayerDefinition layer, int expert, MatrixRole matrix, int rank) {
        return TileSizes.count(slice(layer, expert, matrix, rank));
    }

    /** Returns the bytes of all ranks' slices of one expert. */
    public long bytes(LayerDefinition layer, int expert) {
        return IntStream.range(0, ranks)
                .mapToLong(rank -> bytes(layer, expert, rank))
                .sum();
    }

    /** Returns the bytes of all slices. */
    public long bytes() {
        return IntStream.range(0, ranks).mapToLong(this::bytes).sum();
    }

    /** Returns the bytes of all slices by what they are stored as. A bias counts as its weight does. */
    public Map<WeightFormat, Long> bytesByFormat() {
        Map<WeightFormat, Long> bytes = new EnumMap<>(WeightFormat.class);
        for (LayerDefinition layer : layers) {
            for (int rank = 0; rank < ranks; rank++) {
                addBytes(layer, 0, rank, layer.shape().experts(), bytes);
                for (int shared = layer.shape().experts();
                        shared < layer.shape().allExperts();
                        shared++) {
                    addBytes(layer, shared, rank, 1, bytes);
                }
            }
        }
        return bytes;
    }

    private void addBytes(LayerDefinition layer, int expert, int rank, int times, Map<WeightFormat, Long> bytes) {
        for (MatrixRole matrix : layer.roles(expert)) {
            long once = slice(layer, expert, matrix, rank).bytes(hasBias(layer, expert, matrix, rank));
            bytes.merge(layer.format(expert, matrix), times * once, Long::sum);
        }
    }

    /** Returns the bytes of a rank's slices of one expert. */
    public long bytes(LayerDefinition layer, int expert, int rank) {
        return sum(layer, expert, rank, TileLayout::bytes);
    }

    /** Returns the bytes of all of a rank's slices. */
    public long bytes(int rank) {
        return sum((layer, expert) -> bytes(layer, expert, rank));
    }

    /**
     * Returns the memory that a rank's slices of one expert take in a member's heap, which is more than their bytes.
     *
     * @param regionBytes the size of the heap's regions; 0 for a heap without regions
     */
    public long heapBytes(LayerDefinition layer, int expert, int rank, int regionBytes) {
        return sum(layer, expert, rank, (slice, hasBias) -> TileSizes.heapBytes(slice, hasBias, regionBytes));
    }

    /** Returns the memory that all of a rank's slices take in a member's heap. */
    public long heapBytes(int rank, int regionBytes) {
        return sum((layer, expert) -> heapBytes(layer, expert, rank, regionBytes));
    }

    private long sum(LayerDefinition layer, int expert, int rank, ToLongBiFunction<TileLayout, Boolean> bytesOf) {
        long bytes = 0;
        for (MatrixRole matrix : layer.roles(expert)) {
            bytes += bytesOf.applyAsLong(slice(layer, expert, matrix, rank), hasBias(layer, expert, matrix, rank));
        }
        return bytes;
    }

    private boolean hasBias(LayerDefinition layer, int expert, MatrixRole matrix, int rank) {
        return layer.shape().expert(expert).biases() && (cut(matrix) == Cut.OUTPUTS || rank == 0);
    }

    /** Adds up over all experts; those that rows choose from are all as large. */
    private long sum(ToLongBiFunction<LayerDefinition, Integer> bytesOf) {
        long bytes = 0;
        for (LayerDefinition layer : layers) {
            bytes += layer.shape().experts() * bytesOf.applyAsLong(layer, 0);
            for (int shared = layer.shape().experts(); shared < layer.shape().allExperts(); shared++) {
                bytes += bytesOf.applyAsLong(layer, shared);
            }
        }
        return bytes;
    }
}
