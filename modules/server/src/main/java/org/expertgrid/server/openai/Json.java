package org.expertgrid.server.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Reads and writes JSON, strictly: no name twice, nothing after the end, nothing nested deeper than {@value #DEEPEST}. */
public final class Json {
    private static final int DEEPEST = 100;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();
    private static final JSON JSON_WITH_NULLS =
            JSON.builder(FACTORY).enable(JSON.Feature.WRITE_NULL_PROPERTIES).build();

    private Json() {}

    /**
     * Returns the object that is written here.
     *
     * @throws ApiException if it is no JSON, or no object
     */
    public static Map<String, Object> object(byte[] text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return object(parser);
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(problem(e), null, "invalid_json");
        } catch (IOException e) {
            throw ApiException.badRequest("The body is not JSON in UTF-8.", null, "invalid_json");
        }
    }

    /**
     * Returns the object that is written here.
     *
     * @throws IOException if it is no JSON, or no object
     */
    public static Map<String, Object> object(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return object(parser);
        } catch (ApiException e) {
            throw new IOException(e);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw ApiException.badRequest("The body is no JSON object.", null, "invalid_json");
        }
        Map<String, Object> object = JSON_WITH_NULLS.mapFrom(parser);
        if (parser.nextToken() != null) {
            throw ApiException.badRequest("The body goes on after its JSON object.", null, "invalid_json");
        }
        return object;
    }

    /** Returns the problem and its place, without the text around it and without the parser's own advice to programmers. */
    private static String problem(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "The body is not taken: a number, a name or a text in it is too long, or it is nested too deeply (expected: at most "
                    + DEEPEST + " levels)";
        }
        String problem = e.getOriginalMessage().replaceFirst("(?s)(: | )?\\((start marker at|code |.*REDACTED).*", "");
        JsonLocation place = e.getLocation();
        return "The body is not JSON: " + problem
                + (place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")");
    }

    /** Returns the JSON of a value that is made of maps, collections, texts, numbers, booleans and null. */
    public static byte[] bytes(Object value) {
        try {
            return JSON_WITH_NULLS.asBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the same as text. */
    public static String text(Object value) {
        try {
            return JSON_WITH_NULLS.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
