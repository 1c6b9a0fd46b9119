package org.expertgrid.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.local.ExpertTimes;
import org.expertgrid.cli.local.ModelPlace;
import org.expertgrid.cli.local.Resources;
import org.expertgrid.cli.local.WholeModel;
import org.expertgrid.cli.options.SamplingOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.decoder.generation.Generation;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.generation.Generator;
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
    public Integer call() throws InterruptedException {
        Sampling sampling = choice.sampling();
        checkCombination();
        place.check();
        try (Resources started = new Resources()) {
            WholeModel model = place.prepare(started);
            LanguageModel language = model.language();
            GenerationRequest request = new GenerationRequest(tokens(language), sampling);
            language.generator().check(request);
            model.deploy(output);
            if (saveLogits != null) {
                NpyFile.write(saveLogits, language.logits(request.prompt()));
            }
            ExpertTimes before = model.expertTimes();
            GenerationResult result = generate(language.generator(), request);
            output.say("");
            GenerationReport report = new GenerationReport(
                    request.prompt(), result, model.expertTimes().since(before), model.narrowing());
            report.say(output, language.decoder());
            output.result(report.json());
        }
        return ExitCode.OK;
    }

    /** Writes the text while it is made, and ends it when its reader has gone. */
    private GenerationResult generate(Generator generator, GenerationRequest request) throws InterruptedException {
        PrintWriter words = output.words();
        CompletableFuture<Generation> begun = new CompletableFuture<>();
        begun.complete(generator.submit(request, new GenerationListener() {
            @Override
            public void text(String piece) {
                words.print(piece);
                if (words.checkError()) {
                    begun.thenAccept(Generation::cancel);
                }
            }
        }));
        return begun.join().await();
    }

    private int[] tokens(LanguageModel language) {
        if (ids != null) {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }
        return chat ? language.encodeChat(List.of(Map.of("role", "user", "content", prompt))) : language.encode(prompt);
    }

    private void checkCombination() {
        new Problems()
                .expect(
                        (prompt == null) != (ids == null),
                        "prompt",
                        prompt == null ? "none" : "PROMPT and --ids",
                        "either PROMPT or --ids")
                .expect(
                        saveLogits == null
                                || Files.isDirectory(saveLogits.toAbsolutePath().getParent())
                                        && !Files.isDirectory(saveLogits),
                        "--save-logits",
                        saveLogits,
                        "a file in an existing folder")
                .expect(!chat || prompt != null, "--chat", "with --ids", "a PROMPT, which is the message")
                .throwIfAny();
    }
}
