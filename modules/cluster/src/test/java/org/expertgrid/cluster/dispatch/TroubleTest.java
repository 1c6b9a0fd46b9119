package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.junit.jupiter.api.Test;

class TroubleTest {
    @Test
    void theReasonBeforeALastAttemptThatHadTooLittleTimeIsNamedToo() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            Dispatcher dispatcher =
                    new Dispatcher(cluster.member(0), "ranker", () -> null, () -> {}, new ForwardCounters(1));
            Trouble trouble = new Trouble(dispatcher, Deadline.inMillis(0));
            for (String reason : List.of("no owner", "cut off", "cut off", "too late", "too late")) {
                trouble.newAttempt();
                trouble.mayPass(List.<Rank>of(), null, reason, null);
            }
            assertThatThrownBy(() -> trouble.pause(List.of()))
                    .isInstanceOf(ForwardFailedException.class)
                    .hasMessage("model 'ranker', ranks []: too late; before that: cut off"
                            + " (asked 5 times before the deadline)");
        }
    }
}
