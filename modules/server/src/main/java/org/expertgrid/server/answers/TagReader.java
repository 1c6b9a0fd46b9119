package org.expertgrid.server.answers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.expertgrid.server.openai.Json;

/**
 * Reads {@code <think>…</think>} and {@code <tool_call>{"name": …, "arguments": …}</tool_call>}. A call that is no such object stays content, as the
 * model wrote it. Blanks around these blocks are left out.
 */
final class TagReader implements AnswerReader {
    static final String THINK = "<think>";
    private static final String THINK_END = "</think>";
    private static final String CALL = "<tool_call>";
    private static final String CALL_END = "</tool_call>";

    private enum Place {
        BEGIN,
        REASONING,
        CONTENT,
        CALL
    }

    private final boolean withTools;
    private final MarkedText text = new MarkedText();
    private final StringBuilder call = new StringBuilder();
    private final StringBuilder blanks = new StringBuilder();
    private Place place;
    /** Whether a block has just ended or nothing has come, so that blanks mean nothing. */
    private boolean afterBlock;

    TagReader(boolean thinking, boolean withTools) {
        this.withTools = withTools;
        this.place = thinking ? Place.REASONING : Place.BEGIN;
        this.afterBlock = thinking;
    }

    @Override
    public List<Part> add(String piece) {
        text.add(piece);
        List<Part> parts = new ArrayList<>();
        MarkedText.Cut cut;
        do {
            cut = text.next(marks());
            take(cut.text(), parts);
            if (cut.mark() != null) {
                pass(cut.mark(), parts);
            }
        } while (cut.mark() != null);
        return parts;
    }

    private List<String> marks() {
        return switch (place) {
            case BEGIN -> withTools ? List.of(THINK, CALL) : List.of(THINK);
            case REASONING -> List.of(THINK_END);
            case CONTENT -> withTools ? List.of(CALL) : List.of();
            case CALL -> List.of(CALL_END);
        };
    }

    private void take(String piece, List<Part> parts) {
        if (piece.isEmpty()) {
            return;
        }
        if (place == Place.CALL) {
            call.append(piece);
            return;
        }
        String all = blanks + piece;
        blanks.setLength(0);
        String begun = afterBlock ? all.stripLeading() : all;
        boolean blanksMayEnd = place == Place.REASONING || withTools || place == Place.BEGIN;
        String shown = blanksMayEnd ? begun.stripTrailing() : begun;
        blanks.append(begun, shown.length(), begun.length());
        if (!shown.isEmpty()) {
            afterBlock = false;
            parts.add(place == Place.REASONING ? new Part.Reasoning(shown) : new Part.Content(shown));
            place = place == Place.BEGIN ? Place.CONTENT : place;
        }
    }

    private void pass(String mark, List<Part> parts) {
        blanks.setLength(0);
        afterBlock = true;
        switch (mark) {
            case THINK -> place = Place.REASONING;
            case CALL -> place = Place.CALL;
            case CALL_END -> {
                parts.add(call(CALL_END));
                place = Place.CONTENT;
            }
            default -> place = Place.CONTENT;
        }
    }

    private Part call(String end) {
        String written = call.toString();
        call.setLength(0);
        try {
            Map<String, Object> object = Json.object(written);
            Object arguments = object.getOrDefault("arguments", Map.of());
            if (object.get("name") instanceof String name && arguments instanceof Map) {
                return new Part.ToolCall(name, Json.text(arguments));
            }
        } catch (IOException e) {
            // It is content then.
        }
        return new Part.Content(CALL + written + end);
    }

    @Override
    public List<Part> end() {
        List<Part> parts = new ArrayList<>();
        take(text.rest(), parts);
        if (place == Place.CALL) {
            parts.add(call(""));
        } else if (blanks.length() > 0 && place != Place.REASONING) {
            parts.add(new Part.Content(blanks.toString()));
        }
        return parts;
    }
}
