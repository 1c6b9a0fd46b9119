package org.expertgrid.decoder.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.expertgrid.decoder.templates.ChatTemplate;
import org.expertgrid.decoder.templates.TemplateException;
import org.expertgrid.experts.errors.BadFileException;

/**
 * The tokenizer of a checkpoint: text to ids and back, the chat template, and the ids that end a text.
 *
 * <p>Safe for many threads at once. {@link #close} waits for what runs, and frees the native tokenizer.
 */
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final Path folder;
    private final TokenizerSettings settings;
    private final Vocabulary vocabulary;
    private final boolean dropsFirstBlank;
    private final Set<Integer> endIds;
    /** Writing is closing. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    private Tokenizer(
            HuggingFaceTokenizer tokenizer,
            Path folder,
            TokenizerSettings settings,
            Vocabulary vocabulary,
            boolean dropsFirstBlank,
            Set<Integer> endIds) {
        this.tokenizer = tokenizer;
        this.folder = folder;
        this.settings = settings;
        this.vocabulary = vocabulary;
        this.dropsFirstBlank = dropsFirstBlank;
        this.endIds = endIds;
    }

    /**
     * Opens the tokenizer of the checkpoint in this folder: {@code tokenizer.json}, and what is there of {@code tokenizer_config.json},
     * {@code special_tokens_map.json}, {@code chat_template.jinja}, {@code config.json} and {@code generation_config.json}.
     *
     * @throws BadFileException if a file is missing or broken
     */
    public static Tokenizer open(Path folder) {
        TokenizerFile file = TokenizerFile.read(folder.resolve("tokenizer.json"));
        TokenizerSettings settings = TokenizerSettings.read(folder);
        Map<Integer, AddedToken> added = new HashMap<>();
        file.added().forEach(token -> added.put(token.id(), token));
        List<AddedToken> missing = settings.added().stream()
                .filter(token -> !added.containsKey(token.id()))
                .sorted(Comparator.comparingInt(AddedToken::id))
                .toList();
        settings.added().forEach(token -> added.put(token.id(), token));
        Vocabulary vocabulary = Vocabulary.of(file, added.values());
        Set<Integer> endIds = new TreeSet<>(EndTokens.read(folder));
        if (settings.specialTokens().get("eos_token") instanceof String end) {
            vocabulary.id(end).ifPresent(endIds::add);
        }
        try (InputStream content = content(file.path(), missing)) {
            return new Tokenizer(
                    NativeLibrary.open(file.path(), content),
                    folder,
                    settings,
                    vocabulary,
                    Pieces.of(file).dropsFirstBlank(),
                    Collections.unmodifiableSet(endIds));
        } catch (IOException e) {
            throw new BadFileException(file.path() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the ids that end a text of the checkpoint in this folder, as {@code config.json} and {@code generation_config.json} name them.
     *
     * @throws BadFileException if one of these files is broken
     */
    public static Set<Integer> endIds(Path folder) {
        return Collections.unmodifiableSet(EndTokens.read(folder));
    }

    /** Returns the file's content, with the tokens in it that only {@code tokenizer_config.json} names. */
    private static InputStream content(Path path, List<AddedToken> missing) throws IOException {
        if (missing.isEmpty()) {
            return Files.newInputStream(path);
        }
        Map<String, Object> content = JSON.std.mapFrom(Files.readString(path));
        List<Object> tokens = new ArrayList<>();
        if (content.get("added_tokens") instanceof List<?> present) {
            tokens.addAll(present);
        }
        for (AddedToken token : missing) {
            tokens.add(Map.of(
                    "id", token.id(),
                    "content", token.content(),
                    "special", token.special(),
                    "single_word", false,
                    "lstrip", false,
                    "rstrip", false,
                    "normalized", false));
        }
        content.put("added_tokens", tokens);
        return new ByteArrayInputStream(JSON.std.asBytes(content));
    }

    /** Returns all tokens. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Returns the ids that end a text; there may be several, or none. */
    public Set<Integer> endIds() {
        return endIds;
    }

    /** Returns the ids of a text that a model continues, with the special tokens, such as the one of its beginning, that the checkpoint wants. */
    public int[] encode(String text) {
        if (settings.addsBegin() == null) {
            return encode(text, true);
        }
        int[] ids = encode(text, false);
        OptionalInt begin = settings.addsBegin() ? special("bos_token") : OptionalInt.empty();
        OptionalInt end = Boolean.TRUE.equals(settings.addsEnd()) ? special("eos_token") : OptionalInt.empty();
        List<Integer> all = new ArrayList<>(ids.length + 2);
        begin.ifPresent(all::add);
        for (int id : ids) {
            all.add(id);
        }
        end.ifPresent(all::add);
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the ids of a text that has its special tokens already, as what a chat template renders has: none are added. */
    public int[] encodeRendered(String text) {
        return encode(text, false);
    }

    private OptionalInt special(String name) {
        return settings.specialTokens().get(name) instanceof String token ? vocabulary.id(token) : OptionalInt.empty();
    }

    private int[] encode(String text, boolean addSpecialTokens) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            long[] ids = tokenizer
                    .encode(withoutHalves(text), addSpecialTokens, false)
                    .getIds();
            int[] narrow = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                narrow[i] = (int) ids[i];
            }
            return narrow;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns the text with U+FFFD for each half of a surrogate pair, which UTF-8 cannot express. */
    private static String withoutHalves(String text) {
        boolean whole = text.codePoints().noneMatch(Tokenizer::isHalf);
        return whole
                ? text
                : text.codePoints()
                        .map(point -> isHalf(point) ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    /** Returns the text of these ids, without that of special tokens. Nothing in it is tidied up: it is what the model wrote. */
    public String decode(int[] ids) {
        TextStream stream = new TextStream(vocabulary, false, dropsFirstBlank);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.add(id));
        }
        return text.append(stream.end()).toString();
    }

    /**
     * Returns a stream for the text that a model adds to a prompt.
     *
     * @param afterPrompt whether there is a prompt, so that a first blank belongs to the text
     * @param withSpecialTokens whether special tokens give their names, as formats need that mark parts of an answer with them
     */
    public TextStream stream(boolean afterPrompt, boolean withSpecialTokens) {
        return new TextStream(vocabulary, withSpecialTokens, dropsFirstBlank && !afterPrompt);
    }

    /** Returns the names of the checkpoint's chat templates; {@code default} and {@code tool_use} are usual. */
    public Set<String> templateNames() {
        return settings.templates().keySet();
    }

    /**
     * Returns a chat template of the checkpoint, parsed anew.
     *
     * @throws BadFileException if the checkpoint has none of that name, or if it cannot be understood
     */
    public ChatTemplate template(String name) {
        String source = settings.templates().get(name);
        if (source == null) {
            throw new BadFileException(folder + ": chat template '" + name + "': missing (expected: one of "
                    + templateNames() + ", from tokenizer_config.json or chat_template.jinja)");
        }
        try {
            return ChatTemplate.parse(source);
        } catch (TemplateException e) {
            throw new BadFileException(folder + ": chat template '" + name + "': " + e.getMessage(), e);
        }
    }

    /**
     * Returns the variables of a template with those that transformers adds: the special tokens, and None for tools and documents.
     *
     * @param variables {@code messages} and so on; they win over what is added
     */
    public Map<String, Object> templateVariables(Map<String, ?> variables) {
        Map<String, Object> all = new LinkedHashMap<>(settings.specialTokens());
        all.put("tools", null);
        all.put("documents", null);
        all.put("add_generation_prompt", false);
        all.putAll(variables);
        return all;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
