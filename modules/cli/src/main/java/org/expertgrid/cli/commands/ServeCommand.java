package org.expertgrid.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.expertgrid.cli.local.AtExit;
import org.expertgrid.cli.local.ModelPlace;
import org.expertgrid.cli.local.Resources;
import org.expertgrid.cli.local.WholeModel;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.watch.GridWatch;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.server.ExpertgridServer;
import org.expertgrid.server.ServerOptions;
import org.expertgrid.server.sessions.Engine;
import org.expertgrid.server.sessions.ServedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a model until the process is told to end. */
@Command(
        name = "serve",
        description = {
            "An OpenAI-compatible server, and a page",
            "",
            "Without --checkpoint it serves the small model that ships with Expertgrid. It ends when it is told to (Ctrl-C,"
                    + " SIGTERM): running requests have 30 s to end.",
            "",
        })
public final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port to listen on; 0 for one that is free (${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--api-key", paramLabel = "KEY", description = "The key that clients must send.")
    private String key;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "The file that has the key that clients must send.")
    private Path keyFile;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            split = ",",
            description = "Other web pages that may use the server, as https://HOST (none).")
    private Set<String> origins = Set.of();

    @Option(names = "--name", paramLabel = "NAME", description = "The model's name in requests (the folder's name).")
    private String name;

    @Mixin
    private ModelPlace place;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws InterruptedException {
        ServerOptions options = options();
        place.check();
        ExpertgridServer.checkAddress(options);
        Resources started = new Resources();
        AtExit atExit = AtExit.close(output.err(), started);
        try {
            WholeModel model = place.prepare(started);
            ServedModel served = served(model.language());
            model.deploy(output);
            serve(served, options, model, started);
        } catch (RuntimeException | Error e) {
            atExit.awaitIfBegun(); // what was being started has been closed meanwhile, and failed because of that
            started.closeAfter(e);
            atExit.callOff();
            throw e;
        }
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    private ServedModel served(LanguageModel model) {
        Tokenizer tokenizer = model.tokenizer()
                .orElseThrow(() -> new BadFileException(
                        place.folder() + ": no tokenizer.json (expected: the tokenizer of the checkpoint)"));
        return ServedModel.of(
                name != null ? name : place.name(),
                tokenizer,
                Engine.of(model.generator()),
                model.decoder().mostTokens());
    }

    private ServerOptions options() {
        new Problems()
                .expect(key == null || keyFile == null, "--api-key", "given", "not together with --api-key-file")
                .throwIfAny();
        ServerOptions options = ServerOptions.DEFAULT.withAddress(host, port);
        String known = keyFile == null ? key : read(keyFile);
        // The server takes patterns.
        options =
                options.withAllowedOrigins(origins.stream().map(Pattern::quote).collect(Collectors.toSet()));
        return known == null ? options : options.withApiKey(known);
    }

    private static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file + ": no such file (expected: a file that has the key)");
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new BadFileException(file + ": cannot be read: " + e, e);
        }
    }

    private void serve(ServedModel served, ServerOptions options, WholeModel model, Resources started) {
        Optional<GridWatch> watch =
                model.grid().map(grid -> GridWatch.start(grid.connection(), grid.model(), grid.layers()));
        watch.ifPresent(started::add);
        ExpertgridServer server = started.add(ExpertgridServer.start(
                served,
                watch.map(grid -> options.withCluster(grid::problem, grid::view, List.of()))
                        .orElse(options)));
        model.endByCaller();
        say(served.name(), server);
    }

    private void say(String name, ExpertgridServer server) {
        output.say("serving %s at %s", name, server.address());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("address", server.address().toString());
        json.put("model", name);
        output.result(json);
    }
}
