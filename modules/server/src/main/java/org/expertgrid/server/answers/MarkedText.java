package org.expertgrid.server.answers;

import java.util.List;

/** A text that comes in pieces and is cut at marks; what may be the beginning of a mark is held back. For one thread. */
final class MarkedText {
    private final StringBuilder held = new StringBuilder();

    /**
     * A piece of the text up to a mark, or as far as it is sure that there is none.
     *
     * @param mark the mark that follows, or null
     */
    record Cut(String text, String mark) {}

    void add(String piece) {
        held.append(piece);
    }

    /** Takes the text up to the first of these marks, the mark included; without one, all that cannot be the beginning of one. */
    Cut next(List<String> marks) {
        int first = -1;
        String found = null;
        for (String mark : marks) {
            int at = held.indexOf(mark);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
                found = mark;
            }
        }
        if (found == null) {
            return new Cut(taken(held.length() - longestBeginning(marks)), null);
        }
        String text = taken(first);
        held.delete(0, found.length());
        return new Cut(text, found);
    }

    private int longestBeginning(List<String> marks) {
        int longest = 0;
        for (String mark : marks) {
            for (int length = Math.min(mark.length() - 1, held.length()); length > longest; length--) {
                if (mark.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    /** Takes everything. */
    String rest() {
        return taken(held.length());
    }

    private String taken(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
