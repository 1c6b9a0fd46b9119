package org.expertgrid.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class VerifiersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Test
    @Timeout(60)
    void aCallerWhoseCallsAllFailEndsTheWait() {
        Tally tally = new Tally(Answers.FORWARDS);
        Supplier<Layer> refusing = () -> x -> {
            throw new ExpertgridException("no");
        };
        Verifier verifier = Verifier.start(
                "refused",
                refusing,
                Reference.draw(new SeedExercise.Parameters(8, 6, 7, 5, 3, 2, ElementType.FLOAT64, 1)),
                tally);
        // The first forward takes longest, which is not to be told as a hang.
        Awaitility.await().until(() -> tally.failed() > 0);

        try (Verifiers verifiers = new Verifiers(List.of(verifier), PATIENCE, tally)) {
            assertThatThrownBy(() -> verifiers.awaitAnswers(1))
                    .isInstanceOf(BrokenOffException.class)
                    .hasMessageMatching("caller refused: every call has failed for \\d+ s");
        }
        assertThat(tally.failed()).isPositive();
    }
}
