package org.expertgrid.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import org.expertgrid.chaos.faults.FaultKind;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally(Answers.FORWARDS);

    private void completed(int gapMillis) {
        tally.completed("client", Duration.ofMillis(gapMillis), 0);
    }

    @Test
    void aGapIsTheFaultsDuringWhichItEnds() {
        completed(5);
        tally.begin(FaultKind.KILL);
        completed(900);
        completed(4);
        tally.begin(FaultKind.START);
        completed(70);
        tally.begin(FaultKind.KILL);
        completed(300);

        assertThat(tally.gaps())
                .containsExactly(
                        entry(FaultKind.KILL, Duration.ofMillis(900)), entry(FaultKind.START, Duration.ofMillis(70)));
        assertThat(tally.longestUndisturbed()).isEqualTo(Duration.ofMillis(5));
        assertThat(tally.longestGap()).isEqualTo(Duration.ofMillis(900));
    }

    @Test
    void aWrongTextIsNamedAsOne() {
        Tally texts = new Tally(Answers.PIECES);
        texts.completed("seed 3", Duration.ofMillis(1), 1);

        assertThat(texts.failures()).containsExactly(new Tally.Failure("seed 3", null, "1 wrong texts", null));
    }

    @Test
    void wrongAnswersAndFailuresSayDuringWhat() {
        tally.completed("client", Duration.ofMillis(1), 3);
        tally.begin(FaultKind.STOP);
        tally.failed("member", "nothing came", null);

        assertThat(tally.answers()).isEqualTo(1);
        assertThat(tally.wrong()).isEqualTo(3);
        assertThat(tally.failed()).isEqualTo(1);
        assertThat(tally.failures())
                .containsExactly(
                        new Tally.Failure("client", null, "3 wrong rows", null),
                        new Tally.Failure("member", FaultKind.STOP, "nothing came", null));
    }
}
