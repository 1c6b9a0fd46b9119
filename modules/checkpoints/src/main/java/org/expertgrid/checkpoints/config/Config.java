package org.expertgrid.checkpoints.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.expertgrid.experts.errors.BadFileException;

/**
 * The JSON object that a {@code config.json} or a part of it holds.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Config {
    /** Some checkpoints were published with Infinity in config.json, which Python's writer leaves unquoted. */
    private static final JsonFactory FORMAT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final JSON READER = JSON.builder(FORMAT).build();

    private final Path file;
    private final Map<String, Object> values;

    private Config(Path file, Map<String, Object> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(values);
    }

    /** Returns a config of other values than the file has. Errors name the file. */
    public static Config of(Path file, Map<String, Object> values) {
        return new Config(file, new LinkedHashMap<>(values));
    }

    /**
     * Reads a file.
     *
     * @throws BadFileException if it is missing, or is no JSON object
     */
    public static Config read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file + ": no such file");
        }
        try (JsonParser parser = FORMAT.createParser(Files.readString(file, StandardCharsets.UTF_8))) {
            Config config = new Config(file, READER.mapFrom(parser));
            if (parser.nextToken() != null) {
                throw new BadFileException(file + ": no JSON object: more text after its end");
            }
            return config;
        } catch (JsonProcessingException e) {
            throw new BadFileException(
                    file + ": no JSON object: " + BadFileException.excerpt(e.getOriginalMessage()), e);
        } catch (CharacterCodingException e) {
            throw new BadFileException(file + ": not valid UTF-8", e);
        } catch (IOException e) {
            throw new BadFileException(file + ": cannot be read: " + e, e);
        }
    }

    /** Returns the file that this was read from. */
    public Path file() {
        return file;
    }

    /** Returns all values by name; some may be null. */
    public Map<String, Object> values() {
        return values;
    }

    /** Returns whether there is a value of that name that is not null. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** Returns a new reader of these values, which collects what is wrong with them. */
    public ConfigReader reader() {
        return new ConfigReader(file, values);
    }
}
