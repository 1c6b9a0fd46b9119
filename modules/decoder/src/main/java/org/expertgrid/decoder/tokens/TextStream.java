package org.expertgrid.decoder.tokens;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns tokens into text as they come, and gives out whole characters only: a character whose bytes are spread over several tokens comes with
 * the last of them.
 *
 * <p>The texts that it gives out, one after the other, are those of {@link Tokenizer#decode}. For one thread.
 */
public final class TextStream {
    private static final int LONGEST_CHARACTER = 4;
    private static final byte[] NOTHING = {};

    private final Vocabulary vocabulary;
    private final boolean withSpecial;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private boolean dropsBlank;
    /** The first bytes of a character that has not ended. */
    private byte[] begun = NOTHING;

    TextStream(Vocabulary vocabulary, boolean withSpecial, boolean dropsBlank) {
        this.vocabulary = vocabulary;
        this.withSpecial = withSpecial;
        this.dropsBlank = dropsBlank;
    }

    /** Returns the characters that end with this token; often all of its text, sometimes nothing. */
    public String add(int id) {
        byte[] bytes = vocabulary.shared(id);
        if (bytes.length == 0 || !withSpecial && vocabulary.isSpecial(id)) {
            return "";
        }
        ByteBuffer input = ByteBuffer.allocate(begun.length + bytes.length)
                .put(begun)
                .put(bytes)
                .flip();
        if (dropsBlank && input.get(0) == ' ') {
            input.get();
        }
        dropsBlank = false;
        String text = decoded(input, false);
        begun = new byte[input.remaining()];
        input.get(begun);
        return text;
    }

    /** Returns what is left: U+FFFD if the last character never ended. The stream can be used for another text then. */
    public String end() {
        String text = decoded(ByteBuffer.wrap(begun), true);
        begun = NOTHING;
        return text;
    }

    private String decoded(ByteBuffer input, boolean last) {
        CharBuffer output = CharBuffer.allocate(input.remaining() + LONGEST_CHARACTER);
        decoder.reset().decode(input, output, last);
        if (last) {
            decoder.flush(output);
        }
        return output.flip().toString();
    }
}
