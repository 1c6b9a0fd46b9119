package org.expertgrid.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.errors.StoreException;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.ExpertgridException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {
    private static final String MESSAGE = "rows: 3 (expected: 4)";

    private final StringWriter err = new StringWriter();

    static Stream<Exception> badInput() {
        return Stream.of(
                new IllegalArgumentException(MESSAGE), new BadFileException(MESSAGE), new RefusedException(MESSAGE));
    }

    static Stream<Exception> failures() {
        return Stream.of(
                new ExpertgridException(MESSAGE),
                new StoreException(MESSAGE, null),
                new UncheckedIOException(MESSAGE, new IOException("disk full")));
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputIsAnsweredWithTwo(Exception thrown) {
        assertThat(exitCodeOf(thrown)).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("expertgrid: " + MESSAGE + System.lineSeparator());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureWhileACommandRunsIsExitCodeThree(Exception thrown) {
        assertThat(exitCodeOf(thrown)).isEqualTo(3);
        assertThat(err.toString()).isEqualTo("expertgrid: " + MESSAGE + System.lineSeparator());
    }

    @Test
    void aWrongAnswerIsNoFailure() {
        assertThat(exitCodeOf(new WrongAnswerException(MESSAGE))).isEqualTo(1);
    }

    @Test
    void anUnexpectedExceptionIsNotReportedAsAWrongAnswer() {
        assertThat(exitCodeOf(new IllegalStateException("never"))).isEqualTo(3);
        assertThat(err.toString()).startsWith("expertgrid: unexpected: java.lang.IllegalStateException: never");
    }

    private int exitCodeOf(Exception thrown) {
        return new CommandLine(new Throwing(thrown))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(Failures::failed)
                .execute();
    }

    @Command(name = "throwing")
    private record Throwing(Exception thrown) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw thrown;
        }
    }
}
