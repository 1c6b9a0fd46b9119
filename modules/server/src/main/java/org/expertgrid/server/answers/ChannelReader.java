package org.expertgrid.server.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads messages of the form {@code <|start|>assistant<|channel|>NAME to=functions.TOOL<|message|>TEXT<|end|>}. The channel {@code analysis} is
 * reasoning, a message to a function is a call of it, and every other message is content. The prompt has begun the first header.
 */
final class ChannelReader implements AnswerReader {
    static final String START = "<|start|>";
    static final String CHANNEL = "<|channel|>";
    static final String MESSAGE = "<|message|>";
    private static final List<String> ENDS = List.of("<|end|>", "<|return|>", "<|call|>", START);
    private static final Pattern RECIPIENT = Pattern.compile("to=functions\\.([^\\s<]+)");
    private static final Pattern ANALYSIS = Pattern.compile(Pattern.quote(CHANNEL) + "\\s*analysis");

    private final MarkedText text = new MarkedText();
    private final StringBuilder header = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private boolean inHeader = true;
    private boolean reasoning;
    /** The tool that the message calls, or null. */
    private String tool;

    @Override
    public List<Part> add(String piece) {
        text.add(piece);
        List<Part> parts = new ArrayList<>();
        MarkedText.Cut cut;
        do {
            cut = text.next(inHeader ? List.of(MESSAGE) : ENDS);
            take(cut.text(), parts);
            if (cut.mark() != null) {
                pass(parts);
            }
        } while (cut.mark() != null);
        return parts;
    }

    private void take(String piece, List<Part> parts) {
        if (inHeader) {
            header.append(piece);
        } else if (tool != null) {
            arguments.append(piece);
        } else if (!piece.isEmpty()) {
            parts.add(reasoning ? new Part.Reasoning(piece) : new Part.Content(piece));
        }
    }

    private void pass(List<Part> parts) {
        if (inHeader) {
            Matcher recipient = RECIPIENT.matcher(header);
            tool = recipient.find() ? recipient.group(1) : null;
            reasoning = ANALYSIS.matcher(header).find();
        } else {
            endCall(parts);
        }
        header.setLength(0);
        inHeader = !inHeader;
    }

    private void endCall(List<Part> parts) {
        if (tool != null) {
            parts.add(new Part.ToolCall(tool, arguments.isEmpty() ? "{}" : arguments.toString()));
            arguments.setLength(0);
            tool = null;
        }
    }

    @Override
    public List<Part> end() {
        List<Part> parts = new ArrayList<>();
        take(text.rest(), parts);
        if (!inHeader) {
            endCall(parts);
        }
        return parts;
    }
}
