package org.expertgrid.decoder.tokens;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * All tokens of a tokenizer, and the bytes that each stands for.
 *
 * <p>Immutable, and safe for many threads at once.
 */
public final class Vocabulary {
    private static final byte[] NOTHING = {};

    private final byte[][] bytes;
    private final BitSet special = new BitSet();
    private final Map<String, Integer> ids;

    private Vocabulary(byte[][] bytes, Map<String, Integer> ids) {
        this.bytes = bytes;
        this.ids = ids;
    }

    static Vocabulary of(TokenizerFile file, Collection<AddedToken> added) {
        Pieces pieces = Pieces.of(file);
        Map<String, Integer> ids = new HashMap<>(file.pieces());
        added.forEach(token -> ids.put(token.content(), token.id()));
        int size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        Vocabulary vocabulary = new Vocabulary(new byte[size][], ids);
        ids.forEach((piece, id) -> vocabulary.bytes[id] = pieces.bytes(piece));
        added.stream().filter(AddedToken::special).forEach(token -> vocabulary.special.set(token.id()));
        return vocabulary;
    }

    /** Returns one more than the greatest id. A model's logits may be wider. */
    public int size() {
        return bytes.length;
    }

    /** Returns the id of the token that is written so in the tokenizer's files. */
    public OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Tells whether the token marks something and is no text, such as the end of a text. */
    public boolean isSpecial(int id) {
        return special.get(id);
    }

    /** Returns a copy of the bytes, in UTF-8 and perhaps a part of a character, that the token stands for: none for an id without a token. */
    public byte[] bytes(int id) {
        return shared(id).clone();
    }

    /** Returns the same without copying; the caller must not change them. */
    byte[] shared(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("id: " + id + " (expected: at least 0)");
        }
        return id < bytes.length && bytes[id] != null ? bytes[id] : NOTHING;
    }
}
