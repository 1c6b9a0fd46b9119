package org.expertgrid.chaos;

import com.hazelcast.core.HazelcastInstance;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.expertgrid.chaos.cluster.ChaosCluster;
import org.expertgrid.chaos.load.StreamedText;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.chaos.load.Verifier;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.local.Resources;
import org.expertgrid.cluster.ModelDeployment;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.server.ExpertgridServer;
import org.expertgrid.server.ServerOptions;
import org.expertgrid.server.sessions.Engine;
import org.expertgrid.server.sessions.ServedModel;

/**
 * A language model behind the server, and sixteen clients that have texts streamed to them, each with a seed of its own. Every text is compared
 * with the one that the same seed gave before the first fault.
 */
final class ServedLoad implements Load {
    private static final String MODEL = "chaos";
    private static final int CLIENTS = 16;

    private final Resources open = new Resources();
    private final Map<Integer, TensorParallelMoe> layers = new TreeMap<>();
    private final List<StreamedText> texts = new ArrayList<>();

    /** Deploys the experts of a checkpoint, given by their layers, serves the model, and has every text made once. */
    static ServedLoad on(ChaosCluster cluster, Checkpoint checkpoint, Map<Integer, MoeWeights> weights, int ranks) {
        ServedLoad load = new ServedLoad();
        try {
            ExpertgridServer server = load.serve(cluster.client(), checkpoint, weights, ranks);
            load.readAll(server.address());
            return load;
        } catch (RuntimeException | Error e) {
            load.open.closeAfter(e);
            throw e;
        }
    }

    private ExpertgridServer serve(
            HazelcastInstance client, Checkpoint checkpoint, Map<Integer, MoeWeights> weights, int ranks) {
        new ModelDeployment(checkpoint.moeLayers().family(), weights)
                .ranks(ranks)
                .deploy(client, MODEL);
        weights.keySet()
                .forEach(layer -> layers.put(layer, open.add(TensorParallelMoe.connect(client, MODEL + "/" + layer))));
        LanguageModel model = open.add(LanguageModel.open(
                checkpoint, DecoderOptions.defaults().withExpertLayers(layers::get), BatchLimits.DEFAULT));
        ServedModel served = ServedModel.of(
                MODEL,
                model.tokenizer().orElseThrow(),
                Engine.of(model.generator()),
                model.decoder().mostTokens());
        return open.add(ExpertgridServer.start(served, ServerOptions.DEFAULT.withAddress("127.0.0.1", 0)));
    }

    private void readAll(URI server) {
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<StreamedText>> reading = IntStream.range(0, CLIENTS)
                .mapToObj(seed -> CompletableFuture.supplyAsync(
                        () -> StreamedText.read(http, server, MODEL, seed), ServedLoad::onThread))
                .toList();
        reading.forEach(text -> texts.add(text.join()));
    }

    private static void onThread(Runnable reading) {
        Thread thread = new Thread(reading, "expertgrid-first-text");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public List<Verifier> callers(Tally tally) {
        return texts.stream()
                .map(text -> Verifier.start("seed " + text.seed(), text, tally))
                .toList();
    }

    /** Does nothing, because the server uses a client. */
    @Override
    public Runnable use(HazelcastInstance member) {
        return () -> {};
    }

    @Override
    public List<MoeStatistics> statistics() {
        return layers.values().stream().map(TensorParallelMoe::statistics).toList();
    }

    @Override
    public void close() {
        open.close();
    }
}
