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

    /** The name of a test whose subject is a clause, or that speaks of persons. */
    private static final Pattern TEST_NAME =
            Pattern.compile("void (what|who)[A-Z]|void \\w*(Whoever|Whatever|Nobody|Somebody|Everybody)");

    @Test
    void noCommentAndNoMessageSpeaksOfPersons() throws IOException {
        assertThat(sources(
                        "main",
                        file -> prose(file)
                                .anyMatch(text -> PRONOUN.matcher(text).find())))
                .isEmpty();
    }

    @Test
    void noJavadocBeginsWithAClauseAsItsSubject() throws IOException {
        assertThat(sources("main", file -> CLAUSE.matcher(read(file)).find())).isEmpty();
    }

    @Test
    void noTestIsNamedAfterAPersonOrAClause() throws IOException {
        assertThat(sources("test", file -> TEST_NAME.matcher(read(file)).find()))
                .isEmpty();
    }

    /** Returns the sources of the product or of its tests for which a condition holds. */
    private static Set<String> sources(String kind, Predicate<Path> condition) throws IOException {
        try (Stream<Path> files = Files.walk(MODULES)) {
            List<Path> sources = files.filter(file -> file.toString().matches(".*/src/" + kind + "/java/.*\\.java"))
                    .toList();
            assertThat(sources).isNotEmpty();
            return sources.stream()
                    .filter(condition)
                    .map(file -> file.toString().replaceFirst(".*/src/" + kind + "/java/org/expertgrid/", ""))
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
