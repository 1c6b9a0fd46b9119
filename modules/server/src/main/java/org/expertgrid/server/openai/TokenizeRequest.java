package org.expertgrid.server.openai;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code POST /tokenize}: a text, or the messages of a chat.
 *
 * @param text the text; absent where there are messages
 * @param messages the messages as a template takes them; empty where there is a text
 * @param withSpecialTokens whether the tokens that the checkpoint wants around a text are added to it
 */
public record TokenizeRequest(Optional<String> text, List<Map<String, Object>> messages, boolean withSpecialTokens) {

    /**
     * Reads a request; the text is in {@code prompt} or in {@code content}.
     *
     * @throws ApiException that names everything that is wrong
     */
    public static TokenizeRequest read(Map<String, ?> body) {
        Fields fields = Fields.of(body);
        fields.text("model");
        Optional<String> text = fields.text("prompt").or(() -> fields.text("content"));
        fields.ignore(List.of("content"));
        List<Map<String, Object>> messages = fields.value("messages") == null ? List.of() : ChatMessages.read(fields);
        boolean withSpecialTokens = fields.value("add_special_tokens") == null || fields.flag("add_special_tokens");
        if (text.isEmpty() && fields.value("messages") == null) {
            fields.missing("prompt", "a string, or messages instead");
        }
        fields.finish();
        return new TokenizeRequest(text, messages, withSpecialTokens);
    }

    /**
     * Reads the body of {@code POST /detokenize} and returns its tokens.
     *
     * @throws ApiException that names everything that is wrong
     */
    public static int[] readTokens(Map<String, ?> body) {
        Fields fields = Fields.of(body);
        fields.text("model");
        int[] ids = Limits.ids(fields, "tokens", fields.list("tokens"));
        if (fields.value("tokens") == null) {
            fields.missing("tokens", "ids of tokens");
        }
        fields.finish();
        return ids;
    }
}
