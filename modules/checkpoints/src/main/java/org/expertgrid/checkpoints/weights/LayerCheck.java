package org.expertgrid.checkpoints.weights;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.expertgrid.checkpoints.families.Encoding;
import org.expertgrid.checkpoints.families.LayerTensors;
import org.expertgrid.checkpoints.families.MoeLayers;
import org.expertgrid.checkpoints.families.StoredMatrix;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.TensorType;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.kernels.ElementType;

/** Compares the tensors of one MoE layer with what the config says about it: names, shapes and types. For one thread. */
final class LayerCheck {
    private static final int MOST_PROBLEMS_TOLD = 20;
    private static final int MXFP4_INPUTS = 32;
    private static final int FP8_BLOCK = 128;

    private final MoeLayers layers;
    private final int layer;
    private final Tensors tensors;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> expected = new HashSet<>();
    private final Set<ElementType> computedIn = new HashSet<>();

    private LayerCheck(MoeLayers layers, int layer, Tensors tensors) {
        this.layers = layers;
        this.layer = layer;
        this.tensors = tensors;
    }

    /**
     * Returns what the layer's experts are computed in.
     *
     * @throws BadFileException if a tensor of the layer is missing, extra, misshapen or of a wrong type; names every one, with what was
     *     found and what is expected
     */
    static ElementType check(MoeLayers layers, int layer, Tensors tensors) {
        return new LayerCheck(layers, layer, tensors).run();
    }

    private ElementType run() {
        checkRouter();
        // A wrong number of experts would name each missing tensor of each expert that is not there.
        if (problems.isEmpty()) {
            LayerTensors places = layers.tensors();
            checkExpert(
                    places.experts(), layers.shape().expert(), layers.shape().experts());
            for (ExpertShape shared : layers.shape().shared()) {
                checkExpert(places.shared(), shared, 1);
            }
            checkExtra();
        }
        if (computedIn.size() > 1) {
            problems.add("types of the experts: F64 and narrower ones (expected: all F64, or none)");
        }
        if (!problems.isEmpty()) {
            int told = Math.min(problems.size(), MOST_PROBLEMS_TOLD);
            int more = problems.size() - told;
            throw new BadFileException(tensors.path() + ": layer " + layer + ": "
                    + String.join("; ", problems.subList(0, told)) + (more > 0 ? "; and " + more + " more" : ""));
        }
        return computedIn.iterator().next();
    }

    private void checkRouter() {
        LayerTensors places = layers.tensors();
        long experts = layers.shape().experts();
        long inputDim = layers.shape().inputDim();
        expectNumbers(places.router(), List.of(List.of(experts, inputDim)));
        places.routerBias().ifPresent(key -> expectNumbers(key, List.of(List.of(experts))));
        places.choiceBias().ifPresent(key -> expectNumbers(key, List.of(List.of(experts), List.of(1L, experts))));
        places.sharedGate().ifPresent(key -> expectNumbers(key, List.of(List.of(1L, inputDim))));
    }

    private void expectNumbers(String key, List<List<Long>> shapes) {
        String name = layers.tensors().name(layer, key, 0);
        find(name, shapes).ifPresent(tensor -> expectPlain(tensor));
    }

    private void checkExpert(List<StoredMatrix> places, ExpertShape shape, int experts) {
        for (int m = 0; m < places.size(); m++) {
            StoredMatrix place = places.get(m);
            ExpertMatrix matrix = shape.matrices().get(m);
            int tensorsOfPlace = place.stacking() == StoredMatrix.Stacking.ONE_EACH ? experts : 1;
            for (int e = 0; e < tensorsOfPlace; e++) {
                String name = layers.tensors().name(layer, place.key(), e);
                checkWeight(name, place.shape(matrix, experts));
                if (place.biasKey().isPresent()) {
                    String bias = layers.tensors().name(layer, place.biasKey().get(), e);
                    find(bias, List.of(place.biasShape(matrix, experts))).ifPresent(this::expectPlain);
                }
            }
        }
    }

    private void checkWeight(String name, List<Long> shape) {
        Encoding encoding = layers.tensors().encoding();
        if (encoding == Encoding.MXFP4) {
            checkMxfp4(name, shape);
            return;
        }
        Optional<Tensor> found = find(name, List.of(shape));
        if (encoding == Encoding.FP8_BLOCKS
                && found.filter(tensor -> tensor.type() == TensorType.F8_E4M3).isPresent()) {
            List<Long> blocks = shape.stream()
                    .map(size -> (size + FP8_BLOCK - 1) / FP8_BLOCK)
                    .toList();
            find(name + "_scale_inv", List.of(blocks)).ifPresent(scales -> expectType(scales, TensorType.F32));
            computedIn.add(ElementType.FLOAT32);
        } else {
            found.ifPresent(this::expectPlain);
            found.flatMap(tensor -> StoredWeights.plainFormat(tensor.type()))
                    .ifPresent(format -> computedIn.add(format.computedIn()));
        }
    }

    private void checkMxfp4(String name, List<Long> shape) {
        long experts = shape.get(0);
        long outputs = shape.get(1);
        long inputs = shape.get(2);
        if (inputs % MXFP4_INPUTS != 0) {
            problems.add(name + ": " + inputs + " inputs (expected: a multiple of " + MXFP4_INPUTS + " for MXFP4)");
        }
        List<Long> scales = List.of(experts, outputs, inputs / MXFP4_INPUTS);
        List<Long> codes = List.of(experts, outputs, inputs / MXFP4_INPUTS, MXFP4_INPUTS / 2L);
        find(name + "_blocks", List.of(codes)).ifPresent(tensor -> expectType(tensor, TensorType.U8));
        find(name + "_scales", List.of(scales)).ifPresent(tensor -> expectType(tensor, TensorType.U8));
        computedIn.add(ElementType.FLOAT32);
    }

    /** Returns the tensor if it is there and has one of the shapes. */
    private Optional<Tensor> find(String name, List<List<Long>> shapes) {
        boolean isNew = expected.add(name);
        Optional<Tensor> tensor = tensors.find(name);
        boolean fits = tensor.filter(found -> shapes.contains(found.shape())).isPresent();
        if (!fits && isNew) {
            problems.add(
                    name + ": " + tensor.map(found -> found.shape().toString()).orElse("missing") + " (expected: "
                            + shapes.get(0) + ")");
        }
        return fits ? tensor : Optional.empty();
    }

    private void expectPlain(Tensor tensor) {
        if (StoredWeights.plainFormat(tensor.type()).isEmpty()) {
            problem(tensor, "F64, F32, F16 or BF16");
        }
    }

    private void expectType(Tensor tensor, TensorType type) {
        if (tensor.type() != type) {
            problem(tensor, type.name());
        }
    }

    private void problem(Tensor tensor, String expectation) {
        String problem = tensor.name() + ": " + tensor.type() + " (expected: " + expectation + ")";
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    private void checkExtra() {
        String prefix = layers.tensors().prefix(layer);
        tensors.names().stream()
                .filter(name -> name.startsWith(prefix) && !expected.contains(name))
                .sorted()
                .forEach(name -> problems.add(BadFileException.excerpt(name) + ": found (expected: no such tensor)"));
    }
}
