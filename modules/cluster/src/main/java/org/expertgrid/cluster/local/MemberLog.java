package org.expertgrid.cluster.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The output of a member while it starts. Bytes that are no UTF-8 are read as replacement characters: a JVM may write its log in
 * another charset, and a read may end in the middle of a character.
 *
 * <p>For one thread.
 */
final class MemberLog {
    private static final Charset CHARSET = StandardCharsets.UTF_8;
    private static final int LINES_SHOWN = 15;

    private final Path file;
    private long read;
    private String unfinished = "";

    MemberLog(Path file) {
        this.file = file;
    }

    /** Returns whether one of the lines that were written since the last call contains this text. */
    boolean nowContains(String text) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(read);
            byte[] more = in.readAllBytes();
            read += more.length;
            String lines = unfinished + new String(more, CHARSET);
            unfinished = lines.substring(lines.lastIndexOf('\n') + 1);
            return lines.contains(text);
        }
    }

    /** Returns the last lines. */
    String end() throws IOException {
        List<String> lines =
                new String(Files.readAllBytes(file), CHARSET).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }
}
