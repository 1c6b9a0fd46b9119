package org.expertgrid.decoder.tokens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.experts.errors.BadFileException;

/**
 * The settings in {@code tokenizer_config.json} and the files beside it, which the native tokenizer does not read.
 *
 * @param added tokens that may be missing in {@code tokenizer.json}
 * @param specialTokens {@code bos_token} and so on, as templates see them
 * @param addsBegin whether a prompt begins with the token {@code bos_token}; null where {@code tokenizer.json} decides
 * @param addsEnd whether a prompt ends with the token {@code eos_token}; null for no
 * @param templates the sources of the chat templates, by name
 */
record TokenizerSettings(
        List<AddedToken> added,
        Map<String, Object> specialTokens,
        Boolean addsBegin,
        Boolean addsEnd,
        Map<String, String> templates) {
    static final String DEFAULT_TEMPLATE = "default";
    private static final List<String> SPECIAL_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /**
     * Reads the settings in a checkpoint's folder; a file that is missing says nothing.
     *
     * @throws BadFileException if a file is not what it has to be
     */
    static TokenizerSettings read(Path folder) {
        JsonFile settings = JsonFile.ifPresent(folder.resolve("tokenizer_config.json"));
        JsonFile map = JsonFile.ifPresent(folder.resolve("special_tokens_map.json"));
        return new TokenizerSettings(
                added(settings),
                specialTokens(settings, map),
                settings.get("add_bos_token", Boolean.class, "true or false"),
                settings.get("add_eos_token", Boolean.class, "true or false"),
                templates(folder, settings));
    }

    private static List<AddedToken> added(JsonFile settings) {
        Map<?, ?> tokens = settings.get("added_tokens_decoder", Map.class, "an object");
        List<AddedToken> added = new ArrayList<>();
        if (tokens != null) {
            tokens.forEach((id, token) -> {
                boolean whole = String.valueOf(id).matches("\\d{1,8}")
                        && token instanceof Map<?, ?> map
                        && map.get("content") instanceof String;
                if (!whole) {
                    throw settings.problem("added_tokens_decoder." + id, token, "an id and an object with content");
                }
                Map<?, ?> map = (Map<?, ?>) token;
                added.add(new AddedToken(
                        Integer.parseInt((String) id),
                        (String) map.get("content"),
                        Boolean.TRUE.equals(map.get("special"))));
            });
        }
        return List.copyOf(added);
    }

    private static Map<String, Object> specialTokens(JsonFile settings, JsonFile map) {
        Map<String, Object> tokens = new LinkedHashMap<>();
        for (String name : SPECIAL_TOKENS) {
            JsonFile file = settings.content().containsKey(name) ? settings : map;
            String content = content(file, name, file.content().get(name));
            if (content != null) {
                tokens.put(name, content);
            }
        }
        return Collections.unmodifiableMap(tokens);
    }

    private static String content(JsonFile file, String name, Object token) {
        Object content = token instanceof Map<?, ?> map ? map.get("content") : token;
        if (content != null && !(content instanceof String)) {
            throw file.problem(name, token, "a text, or an object with content");
        }
        return (String) content;
    }

    private static Map<String, String> templates(Path folder, JsonFile settings) {
        Map<String, String> templates = new LinkedHashMap<>();
        Object value = settings.content().get("chat_template");
        if (value instanceof String source) {
            templates.put(DEFAULT_TEMPLATE, source);
        } else if (value instanceof List<?> list) {
            for (Object element : list) {
                boolean named = element instanceof Map<?, ?> map
                        && map.get("name") instanceof String
                        && map.get("template") instanceof String;
                if (!named) {
                    throw settings.problem("chat_template", element, "objects with name and template");
                }
                Map<?, ?> map = (Map<?, ?>) element;
                templates.put((String) map.get("name"), (String) map.get("template"));
            }
        } else if (value != null) {
            throw settings.problem("chat_template", value, "a text, or a list of named ones");
        }
        addFile(templates, DEFAULT_TEMPLATE, folder.resolve("chat_template.jinja"));
        addFolder(templates, folder.resolve("additional_chat_templates"));
        return Collections.unmodifiableMap(templates);
    }

    private static void addFolder(Map<String, String> templates, Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.newDirectoryStream(folder, "*.jinja")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                addFile(templates, name.substring(0, name.length() - ".jinja".length()), file);
            }
        } catch (IOException e) {
            throw new BadFileException(
                    folder + ": cannot be read (expected: a folder of templates): " + e.getMessage(), e);
        }
    }

    private static void addFile(Map<String, String> templates, String name, Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            templates.put(name, Files.readString(file));
        } catch (IOException e) {
            throw new BadFileException(file + ": cannot be read (expected: a template in UTF-8): " + e.getMessage(), e);
        }
    }
}
