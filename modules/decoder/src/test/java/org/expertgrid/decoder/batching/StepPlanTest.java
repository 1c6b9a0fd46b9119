package org.expertgrid.decoder.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepPlanTest {
    @Test
    void anAnswerHasOneRowAndAPromptTheRest() {
        assertThat(StepPlan.rows(List.of(1, 500, 1), 100)).containsExactly(1, 98, 1);
    }

    @Test
    void promptsShareTheRestAndAShortOneLeavesItsPartToTheNext() {
        assertThat(StepPlan.rows(List.of(10, 500, 500), 100)).containsExactly(10, 45, 45);
    }

    @Test
    void eachSequenceHasARowEvenWhereThereAreMoreThanRows() {
        assertThat(StepPlan.rows(List.of(1, 1, 1, 7), 2)).containsExactly(1, 1, 1, 1);
    }

    @Test
    void noSequenceNeedsNoRow() {
        assertThat(StepPlan.rows(List.of(), 8)).isEmpty();
    }
}
