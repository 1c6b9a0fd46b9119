package org.expertgrid.server;

import java.time.Instant;
import java.util.Optional;
import org.expertgrid.decoder.templates.ChatTemplate;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.server.answers.AnswerForm;
import org.expertgrid.server.sessions.ServedModel;

/** A server whose model says what a test has written beforehand; its template is that of a model with tools. */
final class ScriptedServer implements AutoCloseable {
    static final String MODEL = "scripted";
    private static final String TEMPLATE =
            "{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}{{ m.role }}: {{ m.content }}"
                    + "{% for c in m.tool_calls or [] %}{{ c.function.name }}({{ c.function.arguments.city }})"
                    + "{% endfor %}\n{% endfor %}assistant:";

    private final Tokenizer tokenizer;
    final ScriptedEngine engine;
    final ExpertgridServer server;
    final Calls calls;

    ScriptedServer(ServerOptions options, AnswerForm form, ScriptedEngine.Script... scripts) {
        this.tokenizer = Tokenizer.open(TinyServer.FOLDER);
        this.engine = new ScriptedEngine(scripts);
        Optional<ChatTemplate> template = Optional.of(ChatTemplate.parse(TEMPLATE));
        ServedModel model = new ServedModel(MODEL, tokenizer, engine, template, template, form, 2048, Instant.now());
        this.server = ExpertgridServer.start(model, options.withAddress("127.0.0.1", 0));
        this.calls = new Calls(server);
    }

    static ScriptedServer saying(ScriptedEngine.Script... scripts) {
        return new ScriptedServer(ServerOptions.DEFAULT, AnswerForm.TAGS, scripts);
    }

    String api() {
        return server.address() + "v1";
    }

    Calls.Answer chat(String fields) {
        return calls.post(
                "/v1/chat/completions",
                "{\"model\": \"scripted\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]" + fields + "}");
    }

    @Override
    public void close() {
        server.close();
        tokenizer.close();
    }
}
