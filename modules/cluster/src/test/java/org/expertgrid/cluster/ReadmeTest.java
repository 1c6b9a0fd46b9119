package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk")
@Tag("slow")
class ReadmeTest {
    private static final Path README = Path.of("..", "..", "README.md");

    @TempDir
    private Path directory;

    @Test
    void theFirstExampleCompilesAsPastedAndRuns() throws Exception {
        String program = firstJavaBlock();
        assertThat(program.lines().filter(line -> !line.startsWith("import")).count())
                .isLessThanOrEqualTo(16);
        compile(program);
        // It runs as pasted but for the cluster's name: whatever else is called expertgrid on this machine is left
        // alone.
        compile(program.replace(
                "ExpertgridConfig.member()",
                "ExpertgridConfig.member().setClusterName(\"" + UUID.randomUUID() + "\")"));
        URL[] classes = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            Class<?> ranker = loader.loadClass("Ranker");
            ranker.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }

    private void compile(String program) throws IOException {
        Path source = Files.writeString(directory.resolve("Ranker.java"), program);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath, "-d", directory.toString(), source.toString());
        assertThat(errors).isZero();
    }

    private static String firstJavaBlock() throws IOException {
        String readme = Files.readString(README);
        int start = readme.indexOf("```java\n") + "```java\n".length();
        return readme.substring(start, readme.indexOf("```", start));
    }
}
