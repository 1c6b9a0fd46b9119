package org.expertgrid.server.replies;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.expertgrid.decoder.generation.FinishReason;
import org.expertgrid.server.answers.AnswerReader;
import org.expertgrid.server.answers.Part;
import org.expertgrid.server.openai.Envelope;

/** One of a chat's answers: turns the parts of its text into deltas. For one thread. */
final class ChatChoice {
    private final AnswerReader reader;
    private int calls;

    ChatChoice(AnswerReader reader) {
        this.reader = reader;
    }

    List<Map<String, Object>> add(String piece) {
        return deltas(reader.add(piece));
    }

    List<Map<String, Object>> end() {
        return deltas(reader.end());
    }

    String reason(FinishReason reason) {
        return calls > 0 ? "tool_calls" : Envelope.reason(reason);
    }

    private List<Map<String, Object>> deltas(List<Part> parts) {
        List<Map<String, Object>> deltas = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Content content) {
                deltas.add(Map.of("content", content.text()));
            } else if (part instanceof Part.Reasoning reasoning) {
                deltas.add(Map.of("reasoning_content", reasoning.text()));
            } else if (part instanceof Part.ToolCall call) {
                deltas.add(Map.of("tool_calls", List.of(beginning(call))));
                deltas.add(Map.of("tool_calls", List.of(arguments(call))));
                calls++;
            }
        }
        return deltas;
    }

    private Map<String, Object> beginning(Part.ToolCall call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", "");
        Map<String, Object> delta = new LinkedHashMap<>();
        delta.put("index", calls);
        delta.put("id", "call_" + UUID.randomUUID().toString().replace("-", ""));
        delta.put("type", "function");
        delta.put("function", function);
        return delta;
    }

    private Map<String, Object> arguments(Part.ToolCall call) {
        Map<String, Object> delta = new LinkedHashMap<>();
        delta.put("index", calls);
        delta.put("function", Map.of("arguments", call.arguments()));
        return delta;
    }
}
