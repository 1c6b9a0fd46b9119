package org.expertgrid.decoder.sampling;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/** The tokens of one text so far, as penalties and chance see them: those of the prompt, and how often each was chosen since. For one thread. */
public final class TokenHistory {
    private final BitSet prompt = new BitSet();
    private final Map<Integer, Integer> chosen = new HashMap<>();
    private int length;

    /** Begins the text that follows this prompt. */
    public TokenHistory(int[] prompt) {
        for (int id : prompt) {
            this.prompt.set(id);
        }
    }

    /** Adds a token that was chosen. */
    public void add(int id) {
        chosen.merge(id, 1, Integer::sum);
        length++;
    }

    /** Returns how many tokens were chosen. */
    public int length() {
        return length;
    }

    /** Calls with each token of the prompt or the text, and how often it was chosen; each once. */
    void forEach(ObjIntConsumer<Integer> action) {
        prompt.stream().filter(id -> !chosen.containsKey(id)).forEach(id -> action.accept(id, 0));
        chosen.forEach(action::accept);
    }
}
