package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.expertgrid.cluster.wire.Report.Turn;
import org.expertgrid.cluster.wire.WorkerReply;
import org.junit.jupiter.api.Test;

class AwaitedTest {
    private final Awaited awaited = new Awaited(null, 0);

    private void memberSays(Turn turn) {
        awaited.probe(CompletableFuture.completedFuture(WorkerReply.ok(0, turn)));
    }

    @Test
    void aMemberThatIsAtWorkGetsMoreTimeOnce() {
        memberSays(new Turn(false, 30));
        assertThat(awaited.isInQueue()).isFalse();
        assertThat(awaited.getsMoreTime()).isTrue();
        assertThat(awaited.getsMoreTime()).isFalse();
    }

    @Test
    void aMemberThatComputesOneTaskForTooLongGetsNoMoreTime() {
        memberSays(new Turn(true, 2_000));
        assertThat(awaited.isInQueue()).isFalse();
        assertThat(awaited.getsMoreTime()).isFalse();
    }

    @Test
    void aSilentMemberGetsNoMoreTime() {
        awaited.probe(new CompletableFuture<>());
        assertThat(awaited.getsMoreTime()).isFalse();
    }
}
