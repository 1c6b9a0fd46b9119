package org.expertgrid.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.local.ModelPlace;
import org.expertgrid.cli.options.SamplingOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.experts.errors.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a text in the terminal. */
@Command(
        name = "generate",
        description = {
            "A text that goes on from a prompt",
            "",
            "The text appears while it is made. Without --checkpoint, the small model that ships with Expertgrid makes it.",
            "",
        })
public final class GenerateCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "The text to go on from.")
    private String prompt;

    @Option(names = "--ids", split = ",", paramLabel = "ID", description = "The prompt as token ids: 5,7,9.")
    private List<Integer> ids;

    @Option(
            names = "--chat",
            description = "The prompt is a message of the user, put into the chat template of the checkpoint.")
    private boolean chat;

    @Option(
            names = "--save-logits",
            paramLabel = "FILE.npy",
            description = "Write the logits of the prompt, one row for each of its positions.")
    private Path saveLogits;

    @Mixin
    private ModelPlace place;

    @Mixin
    private SamplingOptions choice;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        Sampling sampling = choice.sampling();
        checkCombination();
        place.check();
        try (ModelPlace.Opened opened = place.open(output)) {
            LanguageModel language = opened.model();
            int[] tokens = tokens(language);
            if (saveLogits != null) {
                NpyFile.write(saveLogits, language.logits(tokens));
            }
            PrintWriter words = output.words();
            GenerationResult result = language.generate(tokens, sampling, piece -> {
                words.print(piece);
                words.flush();
            });
            report(tokens, result);
        }
        return ExitCode.OK;
    }

    private int[] tokens(LanguageModel language) {
        if (ids != null) {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }
        return chat ? language.encodeChat(List.of(Map.of("role", "user", "content", prompt))) : language.encode(prompt);
    }

    private void report(int[] tokens, GenerationResult result) {
        output.say("");
        if (result.text().isEmpty()) {
            output.say("%s", Arrays.toString(result.ids()));
        }
        output.say("");
        output.say(
                "prompt %d tokens, %.1f tokens/s; answer %d tokens, %.1f tokens/s; %.0f %% of the time in the experts; ended by %s",
                tokens.length,
                result.promptTokensPerSecond(),
                result.ids().length,
                result.tokensPerSecond(),
                100 * result.times().expertShare(),
                Output.text(result.finishReason()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_ids", tokens);
        json.put("ids", result.ids());
        json.put("text", result.text());
        json.put("finish_reason", Output.text(result.finishReason()));
        json.put("prompt_tokens", tokens.length);
        json.put("tokens", result.ids().length);
        json.put("prompt_tokens_per_second", result.promptTokensPerSecond());
        json.put("tokens_per_second", result.tokensPerSecond());
        json.put("expert_share", result.times().expertShare());
        output.result(json);
    }

    private void checkCombination() {
        new Problems()
                .expect(
                        (prompt == null) != (ids == null),
                        "prompt",
                        prompt == null ? "none" : "PROMPT and --ids",
                        "either PROMPT or --ids")
                .expect(!chat || prompt != null, "--chat", "with --ids", "a PROMPT, which is the message")
                .throwIfAny();
    }
}
