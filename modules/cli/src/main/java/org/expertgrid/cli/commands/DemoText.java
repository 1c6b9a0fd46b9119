package org.expertgrid.cli.commands;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.local.TemporaryCluster;
import org.expertgrid.cli.local.WholeModel;
import org.expertgrid.cli.options.CheckpointOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.decoder.sampling.Sampling;

/**
 * A text of the model that ships, made twice: undisturbed, and while a member is killed.
 *
 * @param text the prompt and what the model made of it the second time
 * @param lostMember the address of the member that was killed; nothing where none was
 * @param unchanged whether both texts have the same tokens
 */
record DemoText(String text, Optional<String> lostMember, boolean unchanged) {
    private static final String PROMPT = "Emma was";
    private static final Sampling SAMPLING = Sampling.builder()
            .temperature(0.7)
            .topP(0.9)
            .seed(3)
            .maxTokens(70)
            .stopTexts(List.of("\n"))
            .build();
    private static final int RANKS = 4;
    private static final int TOKENS_BEFORE_LOSS = 10;

    /** Makes the text, and writes it while it is made. */
    static DemoText make(TemporaryCluster cluster, boolean mayLoseMember, Output output) {
        Checkpoint checkpoint = Checkpoint.open(CheckpointOptions.shipped());
        try (WholeModel model = WholeModel.on(cluster, checkpoint, DecoderOptions.defaults(), RANKS)) {
            model.deploy(output);
            LanguageModel language = model.language();
            GenerationRequest request = new GenerationRequest(language.encode(PROMPT), SAMPLING);
            GenerationResult undisturbed = language.generator().generate(request, new GenerationListener() {});
            CompletableFuture<String> lost = new CompletableFuture<>();
            output.say(
                    "A text of the language model that ships, on the same members%s:",
                    mayLoseMember ? ", one of which is killed meanwhile" : "");
            output.words().print(PROMPT);
            GenerationResult disturbed = language.generator().generate(request, new GenerationListener() {
                private int tokens;

                @Override
                public void token(SampledToken token) {
                    if (++tokens == TOKENS_BEFORE_LOSS && mayLoseMember) {
                        lost.completeAsync(cluster::loseMember);
                    }
                }

                @Override
                public void text(String piece) {
                    output.words().print(piece);
                    output.words().flush();
                }
            });
            output.say("");
            return new DemoText(
                    PROMPT + disturbed.text(),
                    mayLoseMember && disturbed.ids().length >= TOKENS_BEFORE_LOSS
                            ? Optional.of(lost.join())
                            : Optional.empty(),
                    Arrays.equals(undisturbed.ids(), disturbed.ids()));
        }
    }

    /** Returns what a lost member did to the text, in a line that begins with a tick or a cross; nothing where none was lost. */
    Optional<String> verdict() {
        return lostMember.map(member -> unchanged
                ? "✅ member " + member + " killed while the text was made: the same text as without the loss"
                : "❌ member " + member + " killed while the text was made: another text than without the loss");
    }
}
