package org.expertgrid.decoder.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets a text pass, piece by piece, up to the first of some texts that end it. What may be the beginning of such a text is held back until it is sure
 * that it is none.
 *
 * <p>The text that ends it is the one that is complete first, the longest of those that are complete together; so how the text is cut into pieces
 * changes nothing. Each character costs a step for each of these texts (Knuth, Morris and Pratt's search). For one thread.
 */
public final class StopTexts {
    private final List<String> texts;
    /** For each text and each of its beginnings, the length of the longest shorter beginning that it ends with. */
    private final List<int[]> fallbacks = new ArrayList<>();
    /** For each text, how many of its characters the text so far ends with. */
    private final int[] matched;

    private final StringBuilder held = new StringBuilder();
    private String found;

    /** Begins a text that ends before the first of these; none of them is empty. */
    public StopTexts(List<String> texts) {
        this.texts = List.copyOf(texts);
        this.matched = new int[texts.size()];
        this.texts.forEach(text -> fallbacks.add(fallbacks(text)));
    }

    private static int[] fallbacks(String text) {
        int[] fallbacks = new int[text.length() + 1];
        int length = 0;
        for (int i = 1; i < text.length(); i++) {
            while (length > 0 && text.charAt(i) != text.charAt(length)) {
                length = fallbacks[length];
            }
            length += text.charAt(i) == text.charAt(length) ? 1 : 0;
            fallbacks[i + 1] = length;
        }
        return fallbacks;
    }

    /** Returns what is sure to belong to the text, of what was held back and of this piece; nothing once it has ended. */
    public String add(String piece) {
        for (int i = 0; i < piece.length() && found == null; i++) {
            held.append(piece.charAt(i));
            match(piece.charAt(i));
        }
        if (found != null) {
            return taken(held.length());
        }
        int longest = 0;
        for (int length : matched) {
            longest = Math.max(longest, length);
        }
        return taken(held.length() - longest);
    }

    private void match(char character) {
        for (int i = 0; i < matched.length; i++) {
            String text = texts.get(i);
            int length = matched[i];
            while (length > 0 && text.charAt(length) != character) {
                length = fallbacks.get(i)[length];
            }
            matched[i] = length + (text.charAt(length) == character ? 1 : 0);
            boolean longest = found == null || text.length() > found.length();
            found = matched[i] == text.length() && longest ? text : found;
        }
        if (found != null) {
            held.setLength(held.length() - found.length());
        }
    }

    private String taken(int length) {
        String taken = held.substring(0, length);
        held.delete(0, length);
        return taken;
    }

    /** Returns what is still held back: the text has ended in another way. */
    public String end() {
        return taken(held.length());
    }

    /** Returns the text that ended it, if one has. */
    public Optional<String> found() {
        return Optional.ofNullable(found);
    }
}
