package org.expertgrid.server.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.expertgrid.decoder.grammar.JsonGrammar;
import org.expertgrid.decoder.sampling.Sampling;

/**
 * The body of {@code POST /v1/chat/completions}.
 *
 * @param model the model's name
 * @param messages the messages as a template takes them, at least one
 * @param tools the tools that the model may call, as a template takes them; empty where it may call none
 * @param templateVariables further variables of the template
 * @param samplings how each of the answers is chosen
 * @param grammar what holds the answer to JSON, if it is asked for
 */
public record ChatRequest(
        String model,
        List<Map<String, Object>> messages,
        List<Map<String, Object>> tools,
        Map<String, Object> templateVariables,
        List<Sampling> samplings,
        Streaming streaming,
        Optional<JsonGrammar> grammar) {

    /**
     * Reads a request.
     *
     * @param otherwiseSeed the seed where the request has none
     * @throws ApiException that names everything that is wrong
     */
    public static ChatRequest read(Map<String, ?> body, long otherwiseSeed) {
        Fields fields = Fields.of(body);
        fields.ignore(SamplingFields.HARMLESS);
        Sampling.Builder sampling = SamplingFields.read(fields);
        long seed = fields.integer("seed").orElse(otherwiseSeed);
        int choices = fields.integer("n", 1, Limits.CHOICES).orElse(1);
        mostTokens(fields).ifPresent(sampling::maxTokens);
        readLogProbabilities(fields, sampling);
        fields.unsupported("modalities", List.of("text"));
        fields.unsupported("parallel_tool_calls", true);
        String model = Limits.model(fields);
        List<Map<String, Object>> messages = ChatMessages.read(fields);
        List<Map<String, Object>> tools = tools(fields);
        Map<String, Object> variables = templateVariables(fields);
        Streaming streaming = Streaming.read(fields);
        Optional<JsonGrammar> grammar = grammar(fields);
        if (grammar.isPresent() && !tools.isEmpty()) {
            fields.problem("response_format", fields.value("response_format"), "type text where tools may be called");
        }
        fields.finish();
        List<Sampling> samplings = SamplingFields.each(sampling, seed, choices);
        return new ChatRequest(model, messages, tools, variables, samplings, streaming, grammar);
    }

    /** Clients send one name or the other; where they send both, the newer one counts. */
    private static OptionalInt mostTokens(Fields fields) {
        OptionalInt older = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        OptionalInt newer = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        return newer.isPresent() ? newer : older;
    }

    private static void readLogProbabilities(Fields fields, Sampling.Builder sampling) {
        boolean wanted = fields.flag("logprobs");
        OptionalInt top = fields.integer("top_logprobs", 0, Limits.TOP_LOG_PROBABILITIES);
        if (wanted) {
            sampling.logProbabilities(top.orElse(0));
        } else if (top.isPresent()) {
            fields.problem("top_logprobs", top.getAsInt(), "nothing unless logprobs is true");
        }
    }

    private static List<Map<String, Object>> tools(Fields fields) {
        List<Map<String, Object>> tools = new ArrayList<>();
        for (Fields tool : fields.objects("tools")) {
            if (!tool.text("type").orElse("").equals("function")) {
                tool.problem("type", tool.value("type"), "function");
            }
            tool.object("function").ifPresentOrElse(ChatRequest::checkFunction, () -> {
                tool.missing("function", "an object with a name");
            });
            tools.add(new LinkedHashMap<>(tool.values()));
        }
        Object choice = fields.value("tool_choice");
        if (choice != null && !choice.equals("auto") && !choice.equals("none")) {
            fields.problem("tool_choice", choice, "auto or none: this model cannot be made to call a tool");
        }
        return "none".equals(choice) ? List.of() : tools;
    }

    private static void checkFunction(Fields function) {
        if (function.text("name").orElse("").isEmpty()) {
            function.problem("name", function.value("name"), "a string that is not empty");
        }
        function.text("description");
        function.object("parameters").ifPresent(Fields::values);
        function.unsupported("strict", false);
        function.refuseOthers();
    }

    private static Map<String, Object> templateVariables(Fields fields) {
        Map<String, Object> variables = new LinkedHashMap<>();
        fields.object("chat_template_kwargs").ifPresent(given -> variables.putAll(given.values()));
        fields.text("reasoning_effort").ifPresent(effort -> variables.put("reasoning_effort", effort));
        return variables;
    }

    private static Optional<JsonGrammar> grammar(Fields fields) {
        Optional<Fields> format = fields.object("response_format");
        String type = format.flatMap(given -> given.text("type")).orElse("text");
        Optional<JsonGrammar> grammar = switch (type) {
            case "text" -> Optional.empty();
            case "json_object" -> Optional.of(JsonGrammar.anyObject());
            case "json_schema" ->
                format.flatMap(given -> given.object("json_schema")).flatMap(ChatRequest::schemaGrammar);
            default -> {
                fields.problem("response_format.type", type, "text, json_object or json_schema");
                yield Optional.empty();
            }
        };
        if (type.equals("json_schema") && format.orElseThrow().value("json_schema") == null) {
            fields.missing("response_format.json_schema", "an object with a schema");
        }
        format.ifPresent(Fields::refuseOthers);
        return grammar;
    }

    private static Optional<JsonGrammar> schemaGrammar(Fields format) {
        format.text("name");
        format.text("description");
        format.flag("strict");
        Optional<Fields> schema = format.object("schema");
        if (format.value("schema") == null) {
            format.missing("schema", "a JSON schema");
        }
        format.refuseOthers();
        try {
            return schema.map(given -> JsonGrammar.ofSchema(given.values()));
        } catch (IllegalArgumentException e) {
            format.problem("schema", e.getMessage(), "a schema of what is supported");
            return Optional.empty();
        }
    }
}
