package org.expertgrid.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.options.CheckpointOptions;
import org.expertgrid.cli.output.ExpectedWarnings;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.Connection;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.decoder.sampling.Sampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Tag("slow")
class WholeModelTest {
    private static final Sampling SAMPLING =
            Sampling.builder().temperature(0).ignoreEnd(true).maxTokens(60).build();

    @Command
    private static final class Quiet {
        @Mixin
        private Output output;
    }

    static Output quiet() {
        Quiet command = new Quiet();
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        new CommandLine(command).setOut(nowhere).setErr(nowhere).parseArgs();
        return command.output;
    }

    @Test
    void membersLostWhileATextIsMadeChangeNoToken() {
        Checkpoint checkpoint = Checkpoint.open(CheckpointOptions.shipped());
        DecoderOptions options = DecoderOptions.defaults();
        int[] expected;
        try (WholeModel local = WholeModel.local(checkpoint, options)) {
            local.deploy(quiet());
            expected = generate(local.language(), new GenerationListener() {}).ids();
        }
        try (ExpectedWarnings warnings = new ExpectedWarnings();
                TemporaryCluster cluster = TemporaryCluster.start(3, "512m", true);
                WholeModel model = WholeModel.on(cluster, checkpoint, options, 5)) {
            warnings.begin();
            model.deploy(quiet());
            LosingListener losing = new LosingListener(cluster);
            assertThat(generate(model.language(), losing).ids()).isEqualTo(expected);
            assertThat(Set.of(losing.first.join(), losing.second.join())).hasSize(2);
        }
    }

    private static GenerationResult generate(LanguageModel language, GenerationListener listener) {
        return language.generator().generate(new GenerationRequest(language.encode("It was a"), SAMPLING), listener);
    }

    /** Loses one member in the middle of a step, and another one when the weights have their backups again. */
    private static final class LosingListener implements GenerationListener {
        private final TemporaryCluster cluster;
        private final CompletableFuture<String> first = new CompletableFuture<>();
        private final CompletableFuture<String> second = new CompletableFuture<>();
        private int tokens;

        LosingListener(TemporaryCluster cluster) {
            this.cluster = cluster;
        }

        @Override
        public void token(SampledToken token) {
            tokens++;
            if (tokens == 10) {
                first.completeAsync(cluster::loseMember);
            } else if (tokens == 40) {
                first.join();
                awaitBackups();
                second.completeAsync(cluster::loseMember);
            }
        }

        private void awaitBackups() {
            Connection connection = cluster.connect();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> connection.hazelcast().getPartitionService().isClusterSafe());
        }
    }
}
