package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LookUpTest {
    @Test
    @Timeout(60)
    void callersDoNotWaitForAMemberThatIsSilent() {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger readings = new AtomicInteger();
        LookUp lookUp = new LookUp(
                () -> {
                    readings.incrementAndGet();
                    await(answered);
                },
                thrown -> false);
        try {
            assertThat(lookUp.again()).isFalse();
            assertThat(lookUp.again()).isFalse();
            assertThat(readings).hasValue(1);
        } finally {
            answered.countDown();
        }
    }

    @Test
    void callersHearThatTheModelIsGone() {
        LookUp lookUp = new LookUp(
                () -> {
                    throw new ModelNotFoundException("model 'ranker': not found");
                },
                thrown -> true);
        assertThatThrownBy(lookUp::again)
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessage("model 'ranker': not found");
    }

    @Test
    void faultsOfAClusterInMotionPass() {
        LookUp lookUp = new LookUp(
                () -> {
                    throw new IllegalStateException("a partition moves");
                },
                thrown -> true);
        assertThat(lookUp.again()).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
