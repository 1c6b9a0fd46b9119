package org.expertgrid.server;

import java.nio.file.Path;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.generation.Generator;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.server.http.HttpLimits;
import org.expertgrid.server.sessions.Engine;
import org.expertgrid.server.sessions.ServedModel;

/** The model that the project ships, served on a free port. Maven runs the tests of a module in the folder of the module. */
final class TinyServer implements AutoCloseable {
    static final String MODEL = "tiny-austen";
    static final Path FOLDER = Path.of("../../models/" + MODEL);

    private final Tokenizer tokenizer;
    final Generator generator;
    final ExpertgridServer server;
    final Calls calls;

    private TinyServer(Tokenizer tokenizer, Generator generator, ExpertgridServer server) {
        this.tokenizer = tokenizer;
        this.generator = generator;
        this.server = server;
        this.calls = new Calls(server);
    }

    static TinyServer start() {
        return start(ServerOptions.DEFAULT, BatchLimits.DEFAULT);
    }

    static TinyServer start(ServerOptions options, BatchLimits limits) {
        Decoder decoder = Decoder.open(Checkpoint.open(FOLDER), DecoderOptions.defaults());
        Tokenizer tokenizer = Tokenizer.open(FOLDER);
        Generator generator = new Generator(decoder, tokenizer, limits);
        ServedModel model = ServedModel.of(MODEL, tokenizer, Engine.of(generator), decoder.mostTokens());
        return new TinyServer(tokenizer, generator, ExpertgridServer.start(model, options.withAddress("127.0.0.1", 0)));
    }

    static ServerOptions withLimits(HttpLimits limits) {
        return ServerOptions.DEFAULT.withLimits(limits);
    }

    @Override
    public void close() {
        server.close();
        generator.close();
        tokenizer.close();
    }
}
