package org.expertgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Comments and messages name a thread, a caller, a member or a process, and do not call it by a pronoun for people. */
class PlainEnglishTest {
    private static final Path MODULES = Path.of("..");
    private static final Pattern PRONOUN =
            Pattern.compile("(?i)\\b(whoever|somebody|someone|nobody|everybody|he|his|him)\\b");

    /** A comment, or a string literal, on one line. */
    private static final Pattern PROSE = Pattern.compile("^\\s*(/\\*)?\\*.*|//.*|/\\*.*|\"(\\\\.|[^\"\\\\])*\"");

    /** Files that may still have such words; take a file out when it is done. */
    private static final Set<String> NOT_DONE_YET =
            Set.of("checkpoints/safetensors/TensorIndex.java", "experts/threads/HelperThreads.java");

    @Test
    void noCommentAndNoMessageCallsAPartOfTheProgramSomebody() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(MODULES)) {
            List<Path> sources = files.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
                    .toList();
            assertThat(sources).isNotEmpty();
            for (Path file : sources) {
                if (prose(file).anyMatch(text -> PRONOUN.matcher(text).find())) {
                    found.add(file.toString().replaceFirst(".*/src/main/java/org/expertgrid/", ""));
                }
            }
        }
        assertThat(found).isSubsetOf(NOT_DONE_YET);
    }

    private static Stream<String> prose(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .flatMap(line -> PROSE.matcher(line).results().map(result -> result.group()));
    }
}
