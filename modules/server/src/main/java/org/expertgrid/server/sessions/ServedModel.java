package org.expertgrid.server.sessions;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.decoder.templates.ChatTemplate;
import org.expertgrid.decoder.templates.TemplateException;
import org.expertgrid.decoder.templates.TemplateRefusal;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.expertgrid.server.answers.AnswerForm;
import org.expertgrid.server.openai.ApiException;

/**
 * A model under the name by which requests ask for it.
 *
 * <p>Immutable, and safe for many threads at once; engine and tokenizer belong to the caller.
 *
 * @param name what requests call it
 * @param template what turns messages into a prompt; absent for a model that cannot chat
 * @param toolTemplate what does so where there are tools
 * @param form how the model marks the parts of its answers
 * @param mostTokens how many tokens prompt and answer may have together
 * @param created when it began to be served
 */
public record ServedModel(
        String name,
        Tokenizer tokenizer,
        Engine engine,
        Optional<ChatTemplate> template,
        Optional<ChatTemplate> toolTemplate,
        AnswerForm form,
        int mostTokens,
        Instant created) {
    private static final String USUAL_TEMPLATE = "default";
    private static final String TOOL_TEMPLATE = "tool_use";

    /**
     * Serves a model with the chat templates of its tokenizer, if there are any.
     *
     * @throws org.expertgrid.experts.errors.ExpertgridException if a chat template cannot be understood
     */
    public static ServedModel of(String name, Tokenizer tokenizer, Engine engine, int mostTokens) {
        Optional<ChatTemplate> usual = template(tokenizer, USUAL_TEMPLATE);
        return new ServedModel(
                name,
                tokenizer,
                engine,
                usual,
                template(tokenizer, TOOL_TEMPLATE).or(() -> usual),
                AnswerForm.of(tokenizer.vocabulary()),
                mostTokens,
                Instant.now());
    }

    private static Optional<ChatTemplate> template(Tokenizer tokenizer, String name) {
        return tokenizer.templateNames().contains(name) ? Optional.of(tokenizer.template(name)) : Optional.empty();
    }

    /**
     * Checks that a request asks for this model.
     *
     * @throws ApiException if it asks for another one
     */
    public void expectName(String given) {
        if (!given.equals(name)) {
            throw ApiException.unknownModel(given, name);
        }
    }

    /**
     * Returns the prompt for these messages; the model answers after it.
     *
     * @param tools empty where no tool may be called
     * @param variables further variables of the template
     * @throws ApiException if the model cannot chat, if its template refuses the messages, or if the template has no place for tools
     */
    public String prompt(
            List<Map<String, Object>> messages, List<Map<String, Object>> tools, Map<String, ?> variables) {
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.put("messages", messages);
        all.put("add_generation_prompt", true);
        if (tools.isEmpty()) {
            return rendered(template, all);
        }
        String without = rendered(toolTemplate, all);
        all.put("tools", tools);
        String with = rendered(toolTemplate, all);
        if (with.equals(without)) {
            throw ApiException.badRequest(
                    "tools: " + tools.size() + " (expected: none, for the chat template of '" + name
                            + "' has no place for tools)",
                    "tools",
                    "unsupported_value");
        }
        return with;
    }

    private String rendered(Optional<ChatTemplate> used, Map<String, Object> variables) {
        if (used.isEmpty()) {
            throw ApiException.badRequest(
                    "messages: '" + name + "' has no chat template (expected: a request to /v1/completions)",
                    "messages",
                    "unsupported_value");
        }
        try {
            return used.get().render(tokenizer.templateVariables(variables));
        } catch (TemplateRefusal e) {
            throw ApiException.badRequest(
                    "The chat template refuses the messages: " + e.getMessage(), "messages", null);
        } catch (TemplateException | IllegalArgumentException e) {
            throw ApiException.badRequest(
                    "The chat template fails for these messages: " + e.getMessage(), "messages", null);
        }
    }

    /**
     * Checks that an answer has room after a prompt.
     *
     * @throws ApiException that has both numbers
     */
    public void expectRoom(int promptTokens) {
        if (promptTokens == 0) {
            throw ApiException.badRequest("The prompt has no tokens (expected: at least 1).", "prompt", null);
        }
        if (promptTokens >= mostTokens) {
            throw ApiException.badRequest(
                    "The prompt has " + promptTokens + " tokens (expected: at most " + (mostTokens - 1)
                            + ", so that one of " + mostTokens + " is left for the answer).",
                    "messages",
                    "context_length_exceeded");
        }
    }

    /**
     * Checks that biases are for tokens of this model.
     *
     * @throws ApiException that names the first which is not
     */
    public void expectTokens(Sampling sampling) {
        int size = tokenizer.vocabulary().size();
        sampling.logitBias().keySet().stream()
                .filter(id -> id >= size)
                .findFirst()
                .ifPresent(id -> {
                    throw ApiException.badRequest(
                            "logit_bias: " + id + " (expected: ids from 0 to " + (size - 1) + ")", "logit_bias", null);
                });
    }
}
