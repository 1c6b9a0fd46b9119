package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final UUID MEMBER = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();

    private final Pace pace = new Pace();

    private void answers(int count, Duration each) {
        for (int i = 0; i < count; i++) {
            pace.answered(MEMBER, 100, each.toNanos());
        }
    }

    private Duration late(UUID member, long work) {
        return Duration.ofNanos(pace.lateNanos(member, work));
    }

    @Test
    void anAnswerIsLateAfterTwiceTheUsualTimeOnceThatIsSteady() {
        answers(100, Duration.ofMillis(300));
        assertThat(late(MEMBER, 100)).isBetween(Duration.ofMillis(600), Duration.ofMillis(601));
    }

    @Test
    void anAnswerIsNeverLateBefore40Milliseconds() {
        answers(100, Duration.ofNanos(1));
        assertThat(late(MEMBER, 100)).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void aMemberThatHasNotAnsweredYetIsTakenForAsFastAsTheSlowestOther() {
        answers(100, Duration.ofMillis(30));
        assertThat(late(OTHER, 100)).isEqualTo(late(MEMBER, 100));
    }

    @Test
    void aSizeThatIsNotKnownIsLateAfter400Milliseconds() {
        answers(100, Duration.ofMillis(30));
        assertThat(late(OTHER, 1000)).isEqualTo(Duration.ofMillis(400));
        assertThat(late(MEMBER, 1000)).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void oneAnswerThatTookLongIsForgotten() {
        answers(100, Duration.ofMillis(10));
        answers(1, Duration.ofSeconds(30));
        assertThat(late(MEMBER, 100)).isLessThan(Duration.ofMillis(200));
        answers(30, Duration.ofMillis(10));
        assertThat(late(MEMBER, 100)).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void answersWhoseTimesVaryAreLateLater() {
        for (int i = 0; i < 100; i++) {
            answers(1, Duration.ofMillis(i % 2 == 0 ? 20 : 180));
        }
        assertThat(late(MEMBER, 100)).isBetween(Duration.ofMillis(350), Duration.ofMillis(500));
    }

    @Test
    void aMemberIsKnownAfterFourAnswersOfASize() {
        answers(3, Duration.ofMillis(30));
        assertThat(pace.knows(MEMBER, 100)).isFalse();
        answers(1, Duration.ofMillis(30));
        assertThat(pace.knows(MEMBER, 100)).isTrue();
        assertThat(pace.knows(MEMBER, 1_000)).isFalse();
        assertThat(pace.knows(OTHER, 100)).isFalse();
    }
}
