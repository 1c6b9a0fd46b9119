package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.expertgrid.cli.Main;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code serve} leaves when it is told to end by SIGTERM, at whatever moment. Each test has a process of its own. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ServeEndTest {
    private static final Path HOME = Path.of(System.getProperty("expertgrid.home"));
    private static final long POLL_NANOS = 1_000_000;
    private static final int END_SECONDS = 60;

    /** Where the process makes temporary files. */
    @TempDir
    private Path temporary;

    @TempDir
    private Path folder;

    @Test
    void itEndsWellBeforeItsMembersHaveStarted() throws Exception {
        Process serve = serve("--members", "2");
        await(serve, () -> serve.children().findAny().isPresent());

        assertEndsWell(serve);
    }

    @Test
    @Tag("nightly")
    void itEndsWellWhenItsMembersAreReady() throws Exception {
        Process serve = serve("--members", "2");
        await(serve, () -> memberLogsWith("member is ready") == 2);

        assertEndsWell(serve);
    }

    @Test
    void itEndsWellWhileItStartsMembersInItsOwnJvm() throws Exception {
        Process serve = serve("--embedded");
        await(serve, () -> !files(temporary).isEmpty());

        assertEndsWell(serve);
    }

    @Test
    @Tag("nightly")
    void itEndsWellWhileItServes() throws Exception {
        Process serve = serve("--members", "2");
        await(serve, () -> read(out()).contains("serving"));

        assertEndsWell(serve);
    }

    private void assertEndsWell(Process serve) throws InterruptedException {
        List<ProcessHandle> members = serve.descendants().toList();

        serve.destroy();

        assertThat(serve.waitFor(END_SECONDS, TimeUnit.SECONDS))
                .as("ended; it said %s", read(err()))
                .isTrue();
        assertThat(serve.exitValue()).as(read(err())).isZero();
        assertThat(members).noneMatch(ProcessHandle::isAlive);
        assertThat(files(temporary)).isEmpty();
        assertThat(read(err())).doesNotContain("expertgrid: ", "Exception");
    }

    private Process serve(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-Dexpertgrid.home=" + HOME,
                "-Djava.util.logging.config.file=" + HOME.resolve("config/logging.properties"),
                "-XX:-UsePerfData", // its file is in the folder of temporary files, too
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--port",
                "0"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectOutput(out().toFile())
                .redirectError(err().toFile())
                .start();
    }

    private static void await(Process serve, BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            assertThat(serve.isAlive()).isTrue();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private long memberLogsWith(String text) {
        return files(temporary).stream()
                .filter(file -> file.toString().endsWith(".log"))
                .filter(log -> read(log).contains(text))
                .count();
    }

    private Path out() {
        return folder.resolve("out");
    }

    private Path err() {
        return folder.resolve("err");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
