package org.expertgrid.cli.seed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

/** With functions in the place of a model. */
class MemberLossTest {
    private static final Matrix ROWS = Matrix.of(1, 2, 3.0, 4.0);

    @Test
    void answersThatStayAreTheSame() {
        MemberLoss loss = MemberLoss.during(x -> x, ROWS, () -> {});

        assertThat(loss.sameAnswer()).isTrue();
        assertThat(loss.gapMillis()).isPositive();
    }

    @Test
    void oneAnswerThatChangesIsSeen() {
        AtomicBoolean lost = new AtomicBoolean();
        Matrix wrong = Matrix.of(1, 2, 3.0, 4.0 + 1e-9);

        MemberLoss loss = MemberLoss.during(x -> lost.getAndSet(false) ? wrong : x, ROWS, () -> lost.set(true));

        assertThat(loss.sameAnswer()).isFalse();
    }

    @Test
    void callsGoOnUntilTheMemberIsLost() {
        CountDownLatch calls = new CountDownLatch(50);

        MemberLoss.during(
                x -> {
                    calls.countDown();
                    return x;
                },
                ROWS,
                () -> await(calls));

        assertThat(calls.getCount()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
