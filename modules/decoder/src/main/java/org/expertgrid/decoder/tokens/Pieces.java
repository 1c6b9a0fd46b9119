package org.expertgrid.decoder.tokens;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.expertgrid.experts.errors.BadFileException;

/**
 * How a tokenizer writes bytes of text in its pieces.
 *
 * @param byteLevel whether each character stands for a byte, as in GPT-2; else a piece is text with U+2581 for a blank, or one byte such as
 *     {@code <0x0A>}, as in SentencePiece
 * @param dropsFirstBlank whether a text's first blank was put there by the tokenizer
 */
record Pieces(boolean byteLevel, boolean dropsFirstBlank) {
    private static final int NO_BYTE = -1;
    private static final int[] BYTE_OF_CHARACTER = bytesOfCharacters();
    private static final char BLANK = '\u2581';

    /**
     * Returns how the tokenizer's pieces are written.
     *
     * @throws BadFileException if its decoder is not known
     */
    static Pieces of(TokenizerFile file) {
        List<Map<?, ?>> decoders = flat(file.decoder());
        if (has(decoders, "ByteLevel")) {
            return new Pieces(true, false);
        }
        if (has(decoders, "ByteFallback") || has(decoders, "Metaspace")) {
            return new Pieces(false, decoders.stream().anyMatch(Pieces::dropsBlank));
        }
        throw new BadFileException(file.path() + ": decoder: " + file.decoder().get("type")
                + " (expected: one with ByteLevel, ByteFallback or Metaspace)");
    }

    private static List<Map<?, ?>> flat(Map<?, ?> decoder) {
        if (!(decoder.get("decoders") instanceof List<?> parts)) {
            return List.of(decoder);
        }
        List<Map<?, ?>> all = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Map<?, ?> map) {
                all.add(map);
            }
        }
        return all;
    }

    private static boolean has(List<Map<?, ?>> decoders, String type) {
        return decoders.stream().anyMatch(decoder -> type.equals(decoder.get("type")));
    }

    private static boolean dropsBlank(Map<?, ?> decoder) {
        if ("Strip".equals(decoder.get("type"))) {
            return decoder.get("start") instanceof Integer start && start > 0;
        }
        return "Metaspace".equals(decoder.get("type"))
                && !"never".equals(decoder.get("prepend_scheme"))
                && !Boolean.FALSE.equals(decoder.get("add_prefix_space"));
    }

    /** Returns the bytes, in UTF-8, that a piece stands for. */
    byte[] bytes(String piece) {
        if (byteLevel) {
            return bytesOfCharacters(piece);
        }
        boolean isByte = piece.length() == 6 && piece.matches("<0x[0-9A-F]{2}>");
        return isByte
                ? new byte[] {(byte) Integer.parseInt(piece.substring(3, 5), 16)}
                : piece.replace(BLANK, ' ').getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a byte for each character; the piece as it is if some character stands for no byte. */
    private static byte[] bytesOfCharacters(String piece) {
        byte[] bytes = new byte[piece.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = piece.charAt(i);
            int value = character < BYTE_OF_CHARACTER.length ? BYTE_OF_CHARACTER[character] : NO_BYTE;
            if (value == NO_BYTE) {
                return piece.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    /** Returns the table of GPT-2: visible characters stand for their own code, those from U+0100 on for the other bytes in order. */
    private static int[] bytesOfCharacters() {
        int[] table = new int[0x100 + 0x100];
        Arrays.fill(table, NO_BYTE);
        int next = 0x100;
        for (int value = 0; value < 0x100; value++) {
            boolean visible = value > ' ' && value < 0x7f || value > 0xa0 && value != 0xad;
            table[visible ? value : next++] = value;
        }
        return table;
    }
}
