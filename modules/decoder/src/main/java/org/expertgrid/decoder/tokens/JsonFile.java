package org.expertgrid.decoder.tokens;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.expertgrid.experts.errors.BadFileException;

/** A file that holds one JSON object. */
record JsonFile(Path path, Map<String, Object> content) {

    /** Returns the file's object, an empty one if there is no such file. */
    static JsonFile ifPresent(Path path) {
        return new JsonFile(path, Files.exists(path) ? read(path) : Map.of());
    }

    private static Map<String, Object> read(Path path) {
        try {
            return JSON.std.mapFrom(Files.readString(path));
        } catch (IOException e) {
            throw new BadFileException(path + ": cannot be read (expected: a JSON object): " + firstLine(e), e);
        }
    }

    static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Returns the value of this name, null if it is absent or null. */
    <T> T get(String name, Class<T> type, String expected) {
        Object value = content.get(name);
        if (value != null && !type.isInstance(value)) {
            throw problem(name, value, expected);
        }
        return type.cast(value);
    }

    BadFileException problem(String name, Object value, String expected) {
        return new BadFileException(path + ": " + name + ": " + value + " (expected: " + expected + ")");
    }
}
