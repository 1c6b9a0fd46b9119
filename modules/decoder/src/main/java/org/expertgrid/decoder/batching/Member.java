package org.expertgrid.decoder.batching;

import java.util.Arrays;
import org.expertgrid.decoder.Chunk;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.Sequence;

/** A sequence that waits or runs: its tokens, of which a part has been read. For the thread that drives the steps. */
final class Member {
    private final Continuation continuation;
    private final int mostTokens;
    private int[] tokens;
    private int count;
    private Sequence sequence;

    Member(int[] prompt, int mostTokens, Continuation continuation) {
        this.tokens = prompt.clone();
        this.count = prompt.length;
        this.mostTokens = mostTokens;
        this.continuation = continuation;
    }

    Continuation continuation() {
        return continuation;
    }

    void begin(Decoder decoder) {
        sequence = decoder.begin(mostTokens);
    }

    /** How many tokens have not been read. */
    int unread() {
        return count - sequence.length();
    }

    boolean reserve(int rows) {
        return sequence.reserve(rows);
    }

    /** The next {@code rows} tokens; with logits if they are the last ones. */
    Chunk chunk(int rows) {
        int from = sequence.length();
        return new Chunk(sequence, Arrays.copyOfRange(tokens, from, from + rows), rows == unread() ? 1 : 0);
    }

    /** Adds a token, and returns whether it may be read, which the last one of a sequence that has become too long may not. */
    boolean add(int token) {
        if (count == mostTokens) {
            return false;
        }
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(mostTokens, 2 * count + 16));
        }
        tokens[count++] = token;
        return true;
    }

    /** Gives the memory up; all tokens are unread then. */
    void end() {
        if (sequence != null) {
            sequence.close();
            sequence = null;
        }
    }
}
