package org.expertgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of the README compile as pasted, and run. */
@Tag("jdk")
@Tag("slow")
class ReadmeTest {
    private static final Path HOME = Path.of("..", "..");
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?public class (\\w+) .*?)```", Pattern.DOTALL);
    private static final int MOST_LINES = 16;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"Ranker, [2 x 1000]", "CheckpointLayer, [2 x 160]", "Storyteller, tokens/s"})
    void aProgramCompilesAsPastedAndRuns(String name, String printed) throws Exception {
        String program = programs().stream()
                .filter(found -> found.group(2).equals(name))
                .findFirst()
                .orElseThrow()
                .group(1);
        assertThat(program.lines().filter(line -> !line.startsWith("import"))).hasSizeLessThanOrEqualTo(MOST_LINES);
        compile(name, program);
        // It runs as pasted but for the place of the model, and for the cluster's name: other clusters on this machine
        // that
        // are called expertgrid are left alone.
        compile(
                name,
                program.replace("\"models/", "\"" + HOME + "/models/")
                        .replace(
                                "ExpertgridConfig.member()",
                                "ExpertgridConfig.member().setClusterName(\"" + UUID.randomUUID() + "\")"));
        assertThat(output(name)).contains(printed);
    }

    @Test
    void everyProgramOfTheReadmeIsTried() throws IOException {
        assertThat(programs().stream().map(found -> found.group(2)))
                .containsExactly("Ranker", "CheckpointLayer", "Storyteller");
    }

    private String output(String name) throws Exception {
        URL[] classes = {directory.toUri().toURL()};
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void compile(String name, String program) throws IOException {
        Path source = Files.writeString(directory.resolve(name + ".java"), program);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath, "-d", directory.toString(), source.toString());
        assertThat(errors).isZero();
    }

    private static List<MatchResult> programs() throws IOException {
        return PROGRAM.matcher(Files.readString(HOME.resolve("README.md")))
                .results()
                .toList();
    }
}
