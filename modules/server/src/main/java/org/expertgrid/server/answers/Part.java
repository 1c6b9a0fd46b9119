package org.expertgrid.server.answers;

/** A piece of what a model has written, by what it means. */
public sealed interface Part {
    /** A piece of the answer itself. */
    record Content(String text) implements Part {}

    /** A piece of what the model thinks before it answers. */
    record Reasoning(String text) implements Part {}

    /**
     * A whole call of a tool.
     *
     * @param arguments a JSON object
     */
    record ToolCall(String name, String arguments) implements Part {}
}
