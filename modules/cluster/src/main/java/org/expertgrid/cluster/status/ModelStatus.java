package org.expertgrid.cluster.status;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightFormat;

/**
 * One model of a cluster. {@link ModelHealth} says what the loss of a member would mean.
 *
 * @param name its name
 * @param description what it is
 * @param ready whether it can be connected to; otherwise its deployment has not ended, or ended half-way
 * @param family the family of checkpoints that it is of; "" where it is of none
 * @param layers its layers, by ascending index; at least one
 * @param exchange how its experts are cut
 * @param ranks how many ranks it has
 * @param ranksByMember the ranks that each member owns at the moment, by the member's address
 * @param bytesByRank the weights that each rank holds, biases included, in bytes, backups not counted
 */
public record ModelStatus(
        String name,
        String description,
        boolean ready,
        String family,
        List<Layer> layers,
        Exchange exchange,
        int ranks,
        Map<String, List<Integer>> ranksByMember,
        List<Long> bytesByRank) {
    public ModelStatus {
        layers = List.copyOf(layers);
    }

    /**
     * One layer of a model.
     *
     * @param index its number in the model
     * @param shape its sizes and what its experts compute
     * @param elementType what it is computed in, which is what its rows hold
     * @param topK how many experts a row goes to, shared experts not counted
     * @param formats what its matrices are stored as
     */
    public record Layer(int index, MoeShape shape, ElementType elementType, int topK, Set<WeightFormat> formats) {
        public Layer {
            formats = Set.copyOf(formats);
        }
    }

    /** Returns the sizes of the first layer. */
    public MoeShape shape() {
        return layers.get(0).shape();
    }

    /** Returns what the first layer is computed in. */
    public ElementType elementType() {
        return layers.get(0).elementType();
    }

    /** Returns how many experts a row goes to in the first layer. */
    public int topK() {
        return layers.get(0).topK();
    }

    /** Returns what the matrices of all layers are stored as. */
    public Set<WeightFormat> formats() {
        Set<WeightFormat> formats = new TreeSet<>();
        layers.forEach(layer -> formats.addAll(layer.formats()));
        return formats;
    }

    /** Returns the bytes of all weights, backups not counted. */
    public long bytes() {
        return bytesByRank.stream().mapToLong(Long::longValue).sum();
    }
}
