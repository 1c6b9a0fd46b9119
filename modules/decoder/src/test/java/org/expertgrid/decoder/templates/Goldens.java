package org.expertgrid.decoder.templates;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.expertgrid.decoder.python.Limits;

/** The files of the folder {@code templates} among the test resources. */
final class Goldens {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-08T09:05:03Z"), ZoneOffset.UTC);

    private Goldens() {}

    static String text(String name) {
        try (InputStream file = Goldens.class.getResourceAsStream("/templates/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Object json(String name) {
        try {
            return JSON.std.anyFrom(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> cases(Object list) {
        return (List<Map<String, Object>>) list;
    }

    static ChatTemplate template(String source) {
        return ChatTemplate.parse(source, Limits.DEFAULT, CLOCK);
    }
}
