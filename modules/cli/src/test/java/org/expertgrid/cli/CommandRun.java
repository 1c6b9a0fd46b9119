package org.expertgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.expertgrid.cli.output.StandardStreams;

/**
 * What a command said, run in this JVM.
 *
 * @param exitCode 0 done and right, 1 wrong, 2 bad usage or bad input, 3 failed while it ran
 */
public record CommandRun(int exitCode, String out, String err) {
    /** Runs a command with the arguments that blanks separate in {@code line}, and {@code more} of them. */
    public static CommandRun of(String line, Object... more) {
        return of(
                Main::run,
                Stream.concat(
                                Arrays.stream(line.split(" ")).filter(word -> !word.isEmpty()),
                                Arrays.stream(more).map(Object::toString))
                        .toArray(String[]::new));
    }

    /** Runs a program with these arguments. */
    public static CommandRun of(StandardStreams.Program program, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = program.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** Returns the one line on standard output, which must be a JSON object. */
    public Map<String, Object> json() {
        assertThat(out.lines()).as("standard output, beside %s", err).hasSize(1);
        return parse(out);
    }

    public static Map<String, Object> parse(String json) {
        try {
            return JSON.std.mapFrom(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks that it was refused as bad input, in one line that has all of {@code parts}, without a stack trace. */
    public void assertRefused(String... parts) {
        assertThat(err).contains(parts).startsWith("expertgrid: ").doesNotContain("Exception", "\tat ");
        assertThat(err.lines().filter(line -> line.startsWith("expertgrid: "))).hasSize(1);
        assertThat(exitCode).isEqualTo(2);
        assertThat(out).isEmpty();
    }
}
