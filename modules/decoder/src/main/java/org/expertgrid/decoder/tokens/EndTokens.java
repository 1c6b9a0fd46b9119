package org.expertgrid.decoder.tokens;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads which tokens end a text: what the files {@code config.json} and {@code generation_config.json} name, each one or several. */
final class EndTokens {
    private EndTokens() {}

    /** Returns the ids that the files in this folder name. */
    static Set<Integer> read(Path folder) {
        Set<Integer> ids = new TreeSet<>();
        JsonFile config = JsonFile.ifPresent(folder.resolve("config.json"));
        addTo(ids, config, "eos_token_id", config.content().get("eos_token_id"));
        if (config.content().get("text_config") instanceof Map<?, ?> text) {
            addTo(ids, config, "text_config.eos_token_id", text.get("eos_token_id"));
        }
        JsonFile generation = JsonFile.ifPresent(folder.resolve("generation_config.json"));
        addTo(ids, generation, "eos_token_id", generation.content().get("eos_token_id"));
        return ids;
    }

    private static void addTo(Set<Integer> ids, JsonFile file, String name, Object value) {
        if (value == null) {
            return;
        }
        for (Object id : value instanceof List<?> list ? list : List.of(value)) {
            if (!(id instanceof Integer integer) || integer < 0) {
                throw file.problem(name, value, "one id or several, from 0 on");
            }
            ids.add(integer);
        }
    }
}
