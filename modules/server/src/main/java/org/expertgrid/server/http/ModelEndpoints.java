package org.expertgrid.server.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.Request;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.openai.TokenizeRequest;
import org.expertgrid.server.sessions.ServedModel;

/** The endpoints about a model: its name, and its tokens for texts. */
record ModelEndpoints(ServedModel model) {
    static final String MODELS = "/v1/models";

    /** {@code GET /v1/models}. */
    void models(Exchange exchange) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("object", "list");
        list.put("data", List.of(json()));
        exchange.reply().whole(list);
    }

    /** {@code GET /v1/models/NAME}. */
    void model(Exchange exchange) {
        String path = Request.getPathInContext(exchange.request());
        model.expectName(path.substring(MODELS.length() + 1));
        exchange.reply().whole(json());
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", model.name());
        json.put("object", "model");
        json.put("created", model.created().getEpochSecond());
        json.put("owned_by", "expertgrid");
        json.put("max_model_len", model.mostTokens());
        return json;
    }

    /** {@code POST /tokenize}. */
    void tokenize(Exchange exchange) {
        TokenizeRequest request = TokenizeRequest.read(exchange.json());
        int[] ids = ids(request);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tokens", Arrays.stream(ids).boxed().toList());
        json.put("count", ids.length);
        json.put("max_model_len", model.mostTokens());
        exchange.reply().whole(json);
    }

    private int[] ids(TokenizeRequest request) {
        Tokenizer tokenizer = model.tokenizer();
        if (request.text().isEmpty()) {
            return tokenizer.encodeRendered(model.prompt(request.messages(), List.of(), Map.of()));
        }
        String text = request.text().get();
        return request.withSpecialTokens() ? tokenizer.encode(text) : tokenizer.encodeRendered(text);
    }

    /** {@code POST /detokenize}. */
    void detokenize(Exchange exchange) {
        int[] ids = TokenizeRequest.readTokens(exchange.json());
        int size = model.tokenizer().vocabulary().size();
        IntStream.of(ids).filter(id -> id >= size).findFirst().ifPresent(id -> {
            throw ApiException.badRequest(
                    "tokens: " + id + " (expected: ids from 0 to " + (size - 1) + ")", "tokens", null);
        });
        String text = model.tokenizer().decode(ids);
        // One name is vLLM's, the other llama-server's.
        exchange.reply().whole(Map.of("prompt", text, "content", text));
    }
}
