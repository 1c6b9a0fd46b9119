package org.expertgrid.benchmarks.peers;

import ai.onnxruntime.OrtEnvironment;
import java.util.Optional;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;

/** ONNX Runtime's Mixture-of-Experts operator, which there is for float32, and for results as wide as rows. */
public final class OnnxPeer implements Peer {
    static final String NAME = "onnxruntime";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> absence() {
        try {
            OrtEnvironment.getEnvironment();
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of(e.toString());
        }
    }

    @Override
    public boolean computes(Example example) {
        MoeShape shape = example.weights().shape();
        return example.elementType() == ElementType.FLOAT32 && shape.inputDim() == shape.outputDim();
    }

    @Override
    public String description() {
        return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion() + ", operator com.microsoft.MoE";
    }

    @Override
    public Runner prepare(Example example, int threads) {
        return new OnnxRunner(example, threads);
    }
}
