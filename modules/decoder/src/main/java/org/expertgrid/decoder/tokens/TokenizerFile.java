package org.expertgrid.decoder.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.experts.errors.BadFileException;

/**
 * The vocabulary of {@code tokenizer.json}: the pieces of text that tokens stand for. How text is cut into them is left to the native tokenizer,
 * which reads the same file; so the file is read as a stream and its merges, which are most of it, are skipped.
 *
 * @param pieces the model's pieces and their ids
 * @param added the tokens beside those of the model, or among them, that are recognised as a whole
 * @param decoder the part that says how pieces become text; empty if there is none
 */
record TokenizerFile(Path path, Map<String, Integer> pieces, List<AddedToken> added, Map<String, Object> decoder) {
    private static final int MOST_TOKENS = 1 << 24;

    /**
     * Reads the file.
     *
     * @throws BadFileException if it is missing or no tokenizer
     */
    static TokenizerFile read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new BadFileException(
                    path + ": missing (expected: the tokenizer in the format of Hugging Face's tokenizers)");
        }
        try (JsonParser parser = new JsonFactory().createParser(path.toFile())) {
            return new Reader(path, parser).read();
        } catch (IOException e) {
            throw new BadFileException(
                    path + ": cannot be read (expected: a JSON object): " + JsonFile.firstLine(e), e);
        }
    }

    /** Reads one file. */
    private static final class Reader {
        private final Path path;
        private final JsonParser parser;
        private final Map<String, Integer> pieces = new HashMap<>();
        private final List<AddedToken> added = new ArrayList<>();
        private Map<String, Object> decoder = Map.of();

        Reader(Path path, JsonParser parser) {
            this.path = path;
            this.parser = parser;
        }

        TokenizerFile read() throws IOException {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "content", parser.currentToken(), "a JSON object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "added_tokens" -> readAdded();
                    case "decoder" -> readDecoder();
                    case "model" -> readModel();
                    default -> parser.skipChildren();
                }
            }
            expect(!pieces.isEmpty(), "model.vocab", "missing", "pieces and their ids");
            return new TokenizerFile(path, Map.copyOf(pieces), List.copyOf(added), decoder);
        }

        private void readAdded() throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            expect(parser.currentToken() == JsonToken.START_ARRAY, "added_tokens", parser.currentToken(), "an array");
            for (Object token : JSON.std.listFrom(parser)) {
                boolean whole = token instanceof Map<?, ?> map
                        && map.get("id") instanceof Integer id
                        && isId(id)
                        && map.get("content") instanceof String;
                expect(whole, "added_tokens", token, "objects with id and content");
                Map<?, ?> map = (Map<?, ?>) token;
                added.add(new AddedToken(
                        (Integer) map.get("id"), (String) map.get("content"), Boolean.TRUE.equals(map.get("special"))));
            }
        }

        private void readDecoder() throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_NULL) {
                decoder = JSON.std.mapFrom(parser);
            }
        }

        private void readModel() throws IOException {
            expect(parser.currentToken() == JsonToken.START_OBJECT, "model", parser.currentToken(), "an object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
                    readPieces();
                } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
                    readScoredPieces();
                } else {
                    parser.skipChildren();
                }
            }
        }

        private void readPieces() throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String piece = parser.currentName();
                parser.nextToken();
                boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
                expect(whole && isId(parser.getLongValue()), "model.vocab", piece, "an id from 0 on for each piece");
                pieces.put(piece, parser.getIntValue());
            }
        }

        /** Reads pairs of a piece and its score, whose ids are their places. */
        private void readScoredPieces() throws IOException {
            int id = 0;
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                parser.nextToken();
                expect(parser.currentToken() == JsonToken.VALUE_STRING, "model.vocab", id, "pairs of piece and score");
                pieces.put(parser.getText(), id++);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    parser.skipChildren();
                }
            }
        }

        private static boolean isId(long id) {
            return id >= 0 && id < MOST_TOKENS;
        }

        private void expect(boolean holds, String name, Object value, String expected) {
            if (!holds) {
                throw new BadFileException(path + ": " + name + ": " + value + " (expected: " + expected + ")");
            }
        }
    }
}
