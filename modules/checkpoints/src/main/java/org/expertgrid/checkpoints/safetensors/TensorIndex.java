package org.expertgrid.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.experts.errors.BadFileException;

/**
 * An index of several safetensors files: {@code {"weight_map": {"tensor name": "file name", ...}, ...}}.
 *
 * @param path the index itself, beside the files that it names
 * @param fileNames the name of the file that holds each tensor
 */
record TensorIndex(Path path, Map<String, String> fileNames) {
    private static final int MOST_PROBLEMS_TOLD = 20;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Reads an index. The files that it names are not opened.
     *
     * @throws BadFileException if the index is no JSON object with a map of strings to strings, or if it names files elsewhere
     */
    static TensorIndex read(Path path) {
        try (Reader text = new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8.newDecoder());
                JsonParser parser = JSON.createParser(text)) {
            return new TensorIndex(path, fileNames(path, parser));
        } catch (JsonProcessingException e) {
            throw new BadFileException(
                    path + ": not valid JSON: " + BadFileException.excerpt(e.getOriginalMessage()), e);
        } catch (CharacterCodingException e) {
            throw new BadFileException(path + ": not valid UTF-8", e);
        } catch (IOException e) {
            throw new BadFileException(path + ": cannot be read: " + e, e);
        }
    }

    private static Map<String, String> fileNames(Path path, JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw BadFileException.expected(path, "index", "another JSON value", "a JSON object");
        }
        Map<String, String> fileNames = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean isMap = parser.currentName().equals("weight_map");
            parser.nextToken();
            if (isMap) {
                fileNames = weightMap(path, parser);
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw BadFileException.expected(path, "index", "more text after the JSON object", "nothing");
        }
        if (fileNames == null) {
            throw BadFileException.expected(path, "weight_map", "missing", "a map of tensor names to file names");
        }
        return fileNames;
    }

    private static Map<String, String> weightMap(Path path, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw BadFileException.expected(path, "weight_map", "another JSON value", "an object");
        }
        Map<String, String> fileNames = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String tensor = parser.currentName();
            JsonToken token = parser.nextToken();
            String file = parser.getText();
            parser.skipChildren();
            if (token != JsonToken.VALUE_STRING) {
                problems.add(tensor + ": " + file + " (expected: the name of a file, a string)");
            } else if (!isPlainName(file)) {
                problems.add(
                        tensor + ": " + file + " (expected: the name of a file in the same folder, without a path)");
            }
            fileNames.put(tensor, file);
        }
        throwIfAny(path, problems);
        return fileNames;
    }

    /** A link of that name may lead elsewhere, as in a download cache: the user who made the folder made the link. */
    private static boolean isPlainName(String file) {
        return !file.isEmpty()
                && !file.equals(".")
                && !file.equals("..")
                && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c == 0);
    }

    /**
     * Opens all files and returns the tensors by their names, in the order of the index.
     *
     * @throws BadFileException if a file is missing or wrong, or does not have a tensor that the index finds in it
     */
    Map<String, Tensor> tensors() {
        List<String> problems = new ArrayList<>();
        Map<String, Tensors> files = new TreeMap<>();
        fileNames.forEach((name, file) -> {
            if (!files.containsKey(file)) {
                Path opened = path.resolveSibling(file);
                if (Files.isRegularFile(opened)) {
                    files.put(file, Tensors.ofFile(opened));
                } else {
                    problems.add(name + ": " + file + " (expected: an existing file)");
                }
            }
        });
        Map<String, Tensor> byName = new LinkedHashMap<>();
        fileNames.forEach((name, file) -> {
            if (files.containsKey(file)) {
                files.get(file)
                        .find(name)
                        .ifPresentOrElse(
                                tensor -> byName.put(name, tensor),
                                () -> problems.add(name + ": not in " + file + " (expected: a tensor of that file)"));
            }
        });
        throwIfAny(path, problems);
        return byName;
    }

    private static void throwIfAny(Path path, List<String> problems) {
        if (!problems.isEmpty()) {
            String told = String.join("; ", problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS_TOLD)));
            int more = problems.size() - MOST_PROBLEMS_TOLD;
            throw new BadFileException(path + ": weight_map: " + told + (more > 0 ? "; and " + more + " more" : ""));
        }
    }
}
