package org.expertgrid.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.cli.options.CheckpointOptions;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.server.ExpertgridServer;
import org.expertgrid.server.ServerOptions;
import org.expertgrid.server.sessions.Engine;
import org.expertgrid.server.sessions.ServedModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several servers in front of one cluster and one deployed model. */
@Tag("slow")
class FrontsTest {
    private static final String MODEL = "austen";

    /** A model and its server, each opened as the command {@code serve --cluster} opens it. */
    private record Front(WholeModel model, ExpertgridServer server) implements AutoCloseable {
        static Front on(EmbeddedCluster cluster) {
            WholeModel model = WholeModel.deployedIfMissing(
                    () -> Connection.to(cluster.clientConfig()),
                    MODEL,
                    Checkpoint.open(CheckpointOptions.shipped()),
                    DecoderOptions.defaults(),
                    3);
            model.deploy(WholeModelTest.quiet());
            LanguageModel language = model.language();
            ServedModel served = ServedModel.of(
                    MODEL,
                    language.tokenizer().orElseThrow(),
                    Engine.of(language.generator()),
                    language.decoder().mostTokens());
            return new Front(model, ExpertgridServer.start(served, ServerOptions.DEFAULT.withAddress("127.0.0.1", 0)));
        }

        String text(int seed) throws IOException, InterruptedException {
            String body = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.address() + "v1/completions"))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"model\": \"" + MODEL
                                            + "\", \"prompt\": \"It was a\", \"max_tokens\": 12, \"seed\": " + seed
                                            + "}"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            List<?> choices = (List<?>) CommandRun.parse(body).get("choices");
            assertThat(choices).as(body).hasSize(1);
            return (String) ((Map<?, ?>) choices.get(0)).get("text");
        }

        @Override
        public void close() {
            server.close();
            model.close();
        }
    }

    @Test
    void twoServersShareADeployedModelAndClosingOneLeavesTheOtherWorking() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            String text;
            Front finding;
            try (Front deploying = Front.on(cluster)) {
                finding = Front.on(cluster);
                text = deploying.text(7);
                assertThat(finding.text(7)).isEqualTo(text);
                assertThat(finding.text(8)).isNotEqualTo(text);
            }
            try (finding) {
                assertThat(finding.text(7)).isEqualTo(text);
            }
            try (Front later = Front.on(cluster)) {
                assertThat(later.text(7)).isEqualTo(text);
            }
        }
    }
}
