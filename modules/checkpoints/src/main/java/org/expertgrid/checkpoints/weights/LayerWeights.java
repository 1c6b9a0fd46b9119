package org.expertgrid.checkpoints.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.checkpoints.families.Encoding;
import org.expertgrid.checkpoints.families.LayerTensors;
import org.expertgrid.checkpoints.families.MoeLayers;
import org.expertgrid.checkpoints.families.StoredMatrix;
import org.expertgrid.checkpoints.families.StoredMatrix.Stacking;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.WeightMatrix.Order;

/**
 * The weights of one MoE layer of a checkpoint. The router is read at once, and an expert when it is asked for, in the format that it
 * is stored in.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class LayerWeights implements MoeWeights {
    private final MoeLayers layers;
    private final int layer;
    private final StoredWeights stored;
    private final ElementType elementType;
    private final RouterWeights router;

    /**
     * Checks all tensors of the layer and reads its router.
     *
     * @throws IllegalArgumentException if it is no MoE layer
     * @throws BadFileException if a tensor is missing, extra, misshapen or of a wrong type; names every one
     */
    public LayerWeights(MoeLayers layers, int layer, Tensors tensors) {
        new Problems()
                .expect(
                        layers.moeLayers().contains(layer),
                        "layer",
                        layer,
                        "an MoE layer, one of " + layers.moeLayers())
                .throwIfAny();
        this.layers = layers;
        this.layer = layer;
        this.stored = new StoredWeights(tensors);
        this.elementType = LayerCheck.check(layers, layer, tensors);
        this.router = readRouter(tensors);
    }

    private RouterWeights readRouter(Tensors tensors) {
        LayerTensors places = layers.tensors();
        int inputDim = shape().inputDim();
        int experts = shape().experts();
        RouterWeights read =
                new RouterWeights(stored.weight(name(places.router(), 0), Order.OUTPUT_MAJOR, inputDim, experts)
                        .toMatrix());
        if (places.routerBias().isPresent()) {
            read = new RouterWeights(
                    read.weight(), stored.vector(name(places.routerBias().get(), 0), experts));
        }
        if (places.choiceBias().isPresent()) {
            String name = name(places.choiceBias().get(), 0);
            boolean isVector = tensors.get(name).shape().size() == 1;
            read = read.withChoiceBias(isVector ? stored.vector(name, experts) : stored.matrix(name, 1, experts));
        }
        if (places.sharedGate().isPresent()) {
            String name = name(places.sharedGate().get(), 0);
            read = read.withSharedGates(
                    stored.weight(name, Order.OUTPUT_MAJOR, inputDim, 1).toMatrix());
        }
        return read;
    }

    @Override
    public MoeShape shape() {
        return layers.shape();
    }

    @Override
    public ElementType elementType() {
        return elementType;
    }

    @Override
    public RouterRule rule() {
        return layers.rule();
    }

    @Override
    public RouterWeights router() {
        return router;
    }

    @Override
    public WeightFormat format(int expert, MatrixRole role) {
        List<MatrixRole> roles = shape().expert(expert).matrices().stream()
                .map(ExpertMatrix::role)
                .toList();
        new Problems()
                .expect(roles.contains(role), "role", role, "one of " + roles)
                .throwIfAny();
        return layers.tensors().encoding() == Encoding.MXFP4
                ? WeightFormat.MXFP4
                : stored.format(name(places(expert).get(roles.indexOf(role)).key(), expert));
    }

    private List<StoredMatrix> places(int expert) {
        return expert < shape().experts()
                ? layers.tensors().experts()
                : layers.tensors().shared();
    }

    @Override
    public ExpertWeights expert(int expert) {
        ExpertShape shape = shape().expert(expert);
        List<StoredMatrix> places = places(expert);
        // Gate and up may be parts of one tensor, which is read once.
        Map<String, WeightMatrix> read = new HashMap<>();
        List<LinearWeights> matrices = new ArrayList<>();
        for (int m = 0; m < places.size(); m++) {
            StoredMatrix place = places.get(m);
            ExpertMatrix matrix = shape.matrices().get(m);
            WeightMatrix whole = read.computeIfAbsent(place.key(), key -> readWhole(place, matrix, expert));
            matrices.add(new LinearWeights(place.part().of(whole), readBias(place, matrix, expert)));
        }
        return new ExpertWeights(shape, matrices);
    }

    private WeightMatrix readWhole(StoredMatrix place, ExpertMatrix matrix, int expert) {
        String name = name(place.key(), expert);
        int outputs = place.storedOutputs(matrix);
        if (layers.tensors().encoding() == Encoding.MXFP4) {
            return stored.mxfp4Slab(name, matrix.inputs(), outputs, expert);
        }
        return place.stacking() == Stacking.ONE_EACH
                ? stored.weight(name, place.order(), matrix.inputs(), outputs)
                : stored.slab(name, place.order(), matrix.inputs(), outputs, expert);
    }

    private Matrix readBias(StoredMatrix place, ExpertMatrix matrix, int expert) {
        if (place.biasKey().isEmpty()) {
            return null;
        }
        String name = name(place.biasKey().get(), expert);
        int outputs = place.storedOutputs(matrix);
        int number = place.stacking() == Stacking.ONE_EACH ? 0 : expert;
        WeightMatrix whole = stored.slab(name, Order.INPUT_MAJOR, 1, outputs, number);
        return place.part().of(whole).toMatrix().to(elementType);
    }

    private String name(String key, int expert) {
        return layers.tensors().name(layer, key, expert);
    }
}
