package org.expertgrid.server.openai;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the messages of a chat and gives them the form in which chat templates expect them. */
final class ChatMessages {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");

    private ChatMessages() {}

    static List<Map<String, Object>> read(Fields fields) {
        List<Map<String, Object>> messages =
                fields.objects("messages").stream().map(ChatMessages::message).toList();
        if (fields.value("messages") == null) {
            fields.missing("messages", "at least one message");
        } else if (fields.value("messages") instanceof List<?> list && list.isEmpty()) {
            fields.problem("messages", list, "at least one message");
        }
        return messages;
    }

    private static Map<String, Object> message(Fields fields) {
        String role = fields.text("role").orElse("");
        if (!ROLES.contains(role)) {
            fields.problem("role", fields.value("role"), "system, developer, user, assistant or tool");
        }
        Map<String, Object> message = new LinkedHashMap<>();
        // Templates know the older word.
        message.put("role", role.equals("developer") ? "system" : role);
        List<Map<String, Object>> calls = calls(fields);
        boolean mayBeEmpty = role.equals("assistant") && (!calls.isEmpty() || fields.value("refusal") != null);
        message.put("content", content(fields, mayBeEmpty));
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        for (String name : List.of("name", "tool_call_id", "reasoning_content")) {
            fields.text(name).ifPresent(text -> message.put(name, text));
        }
        fields.ignore(Set.of("refusal", "annotations"));
        fields.unsupported("audio");
        fields.unsupported("function_call");
        fields.refuseOthers();
        return message;
    }

    private static String content(Fields fields, boolean mayBeEmpty) {
        Object content = fields.value("content");
        if (content instanceof String text) {
            return text;
        }
        if (content instanceof List<?>) {
            return fields.objects("content").stream()
                    .map(ChatMessages::part)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("\n"));
        }
        if (content != null || !mayBeEmpty) {
            fields.problem("content", content, "a string, or parts of type text");
        }
        return "";
    }

    private static String part(Fields part) {
        String type = part.text("type").orElse("");
        if (!type.equals("text")) {
            part.problem("type", part.value("type"), "text: this model reads nothing else");
            part.values();
            return null;
        }
        if (part.value("text") == null) {
            part.missing("text", "a string");
        }
        String text = part.text("text").orElse(null);
        part.refuseOthers();
        return text;
    }

    /** Templates take the arguments of a call as an object, and the API has them as its text. */
    private static List<Map<String, Object>> calls(Fields fields) {
        List<Map<String, Object>> calls = new ArrayList<>();
        for (Fields call : fields.objects("tool_calls")) {
            call.unsupported("type", "function");
            Map<String, Object> read = new LinkedHashMap<>();
            call.text("id").ifPresent(id -> read.put("id", id));
            read.put("type", "function");
            call.object("function")
                    .ifPresentOrElse(
                            function -> read.put("function", function(function)),
                            () -> call.missing("function", "an object with a name and arguments"));
            call.ignore(Set.of("index"));
            call.refuseOthers();
            calls.add(read);
        }
        return calls;
    }

    private static Map<String, Object> function(Fields function) {
        Map<String, Object> read = new LinkedHashMap<>();
        function.text("name")
                .ifPresentOrElse(name -> read.put("name", name), () -> function.missing("name", "a string"));
        String arguments = function.text("arguments").orElse("{}");
        try {
            read.put("arguments", Json.object(arguments.isBlank() ? "{}" : arguments));
        } catch (IOException e) {
            function.problem("arguments", arguments, "a JSON object, written as a string");
        }
        function.refuseOthers();
        return read;
    }
}
