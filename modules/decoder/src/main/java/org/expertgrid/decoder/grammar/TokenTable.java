package org.expertgrid.decoder.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.expertgrid.decoder.tokens.Vocabulary;

/**
 * The tokens of a vocabulary in the order of their bytes, so that tokens with the same beginning stand side by side and are judged together.
 *
 * <p>Immutable, and safe for many threads at once.
 */
public final class TokenTable {
    private final byte[][] bytes;
    private final int[] ids;
    private final int[] common;
    private final Set<Integer> endIds;
    private final int longest;

    /**
     * Makes the table; tokens that are special or have no text are left out.
     *
     * @param endIds the tokens that end a text
     */
    public TokenTable(Vocabulary vocabulary, Set<Integer> endIds) {
        List<Integer> order = new ArrayList<>();
        byte[][] all = new byte[vocabulary.size()][];
        for (int id = 0; id < all.length; id++) {
            all[id] = vocabulary.bytes(id);
            if (all[id].length > 0 && !vocabulary.isSpecial(id) && !endIds.contains(id)) {
                order.add(id);
            }
        }
        order.sort((a, b) -> Arrays.compareUnsigned(all[a], all[b]));
        this.ids = order.stream().mapToInt(Integer::intValue).toArray();
        this.bytes = Arrays.stream(ids).mapToObj(id -> all[id]).toArray(byte[][]::new);
        this.common = new int[ids.length];
        for (int i = 1; i < ids.length; i++) {
            int mismatch = Arrays.mismatch(bytes[i - 1], bytes[i]);
            common[i] = mismatch < 0 ? bytes[i].length : mismatch;
        }
        this.endIds = Set.copyOf(endIds);
        this.longest =
                Arrays.stream(bytes).mapToInt(token -> token.length).max().orElse(0);
    }

    boolean isEnd(int id) {
        return endIds.contains(id);
    }

    /** Returns the tokens that may come in this state. */
    BitSet allowed(States.State state) {
        BitSet allowed = new BitSet();
        if (state.isComplete()) {
            endIds.forEach(allowed::set);
        }
        States.State[] path = new States.State[longest + 1];
        path[0] = state;
        // How many bytes of the token before lead somewhere.
        int reached = 0;
        for (int i = 0; i < ids.length; i++) {
            byte[] token = bytes[i];
            int depth = Math.min(reached, common[i]);
            // A token that shares the byte at which the one before failed fails, too.
            boolean fails = i > 0 && common[i] > reached;
            while (!fails && depth < token.length && (path[depth + 1] = path[depth].after(token[depth])) != null) {
                depth++;
            }
            reached = depth;
            if (!fails && depth == token.length) {
                allowed.set(ids[i]);
            }
        }
        return allowed;
    }
}
