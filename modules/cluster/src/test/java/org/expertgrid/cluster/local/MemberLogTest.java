package org.expertgrid.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberLogTest {
    @TempDir
    private Path folder;

    @Test
    void aLogInAnotherCharsetIsRead() throws IOException {
        Path file = Files.write(folder.resolve("log"), "füße\nready\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new MemberLog(file).nowContains("ready")).isTrue();
        assertThat(new MemberLog(file).end()).endsWith("ready");
    }

    @Test
    void aLineThatIsWrittenInTwoStepsIsFound() throws IOException {
        byte[] line = "müde, but ready\n".getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("log");
        MemberLog log = null;
        for (byte one : line) {
            Files.write(file, new byte[] {one}, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            log = log == null ? new MemberLog(file) : log;
            assertThat(log.nowContains("ready\n")).isEqualTo(one == '\n');
        }
    }
}
