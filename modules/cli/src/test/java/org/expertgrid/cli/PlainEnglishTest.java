package org.expertgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Comments and messages name things by nouns: no pronoun for people stands for a thread, a caller, a member or a process. */
class PlainEnglishTest {
    private static final Path MODULES = Path.of("..");
    private static final Pattern PRONOUN =
            Pattern.compile("(?i)\\b(whoever|somebody|someone|nobody|everybody|he|his|him)\\b");

    /** A comment, or a string literal, on one line. */
    private static final Pattern PROSE = Pattern.compile("^\\s*(/\\*)?\\*.*|//.*|/\\*.*|\"(\\\\.|[^\"\\\\])*\"");

    /** A first sentence of Javadoc whose subject is a clause instead of a noun. */
    private static final Pattern CLAUSE = Pattern.compile("/\\*\\*\\s+(\\*\\s+)?(What|Whatever|Those|All that)\\b");

    @Test
    void noCommentAndNoMessageCallsAPartOfTheProgramSomebody() throws IOException {
        assertThat(sources(file ->
                        prose(file).anyMatch(text -> PRONOUN.matcher(text).find())))
                .isEmpty();
    }

    @Test
    void noJavadocBeginsWithAClauseAsItsSubject() throws IOException {
        assertThat(sources(file -> CLAUSE.matcher(read(file)).find())).isEmpty();
    }

    /** Returns the sources of the product for which a condition holds. */
    private static Set<String> sources(Predicate<Path> condition) throws IOException {
        try (Stream<Path> files = Files.walk(MODULES)) {
            List<Path> sources = files.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
                    .toList();
            assertThat(sources).isNotEmpty();
            return sources.stream()
                    .filter(condition)
                    .map(file -> file.toString().replaceFirst(".*/src/main/java/org/expertgrid/", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Stream<String> prose(Path file) {
        return read(file).lines().flatMap(line -> PROSE.matcher(line).results().map(result -> result.group()));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
