package org.expertgrid.cli.local;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.expertgrid.cli.output.NarrowingReport;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Matrix;

/** The experts of a whole model in this JVM, without a cluster. Safe for use by many threads. */
final class LocalExperts implements ExpertLayers {
    private final Map<Integer, BatchedMoe> layers = new TreeMap<>();
    private final LongAdder routingNanos = new LongAdder();
    private final NarrowingReport narrowing;

    /** Packs the weights of all layers, to compute on the kernels and threads of the decoder. */
    LocalExperts(Map<Integer, MoeWeights> weights, DecoderOptions options) {
        weights.forEach(
                (number, ofLayer) -> layers.put(number, new BatchedMoe(ofLayer, options.kernels(), options.team())));
        narrowing = NarrowingReport.of(weights);
    }

    @Override
    public Layer layer(int number) {
        BatchedMoe layer = layers.get(number);
        return x -> forward(layer, x);
    }

    private Matrix forward(BatchedMoe layer, Matrix x) {
        long begin = System.nanoTime();
        Routing routing = layer.route(x);
        routingNanos.add(System.nanoTime() - begin);
        return layer.forward(x, routing);
    }

    @Override
    public ExpertTimes times() {
        return new ExpertTimes(Duration.ofNanos(routingNanos.sum()), Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    @Override
    public NarrowingReport narrowing() {
        return narrowing;
    }

    @Override
    public void close() {}
}
