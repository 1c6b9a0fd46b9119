package org.expertgrid.cluster.workarounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.cluster.LogLines;
import org.junit.jupiter.api.Test;

class GuardedWorkaroundTest {
    @Test
    void aMissingClassIsOneWarningAndNothingIsDoneFromThenOn() {
        AtomicInteger made = new AtomicInteger();
        try (LogLines log = LogLines.capture()) {
            GuardedWorkaround workaround = new GuardedWorkaround("closing of doors", "doors stay open", () -> {
                made.incrementAndGet();
                throw new NoClassDefFoundError("com/hazelcast/internal/Door");
            });
            workaround.run();
            workaround.run();
            assertThat(made).hasValue(1);
            assertThat(log.warningsWith("closing of doors: not on this version of Hazelcast"))
                    .hasSize(1);
        }
    }

    @Test
    void aMethodThatIsMissedLaterEndsTheRepetitionToo() {
        AtomicInteger runs = new AtomicInteger();
        try (LogLines log = LogLines.capture()) {
            GuardedWorkaround workaround =
                    new GuardedWorkaround("closing of windows", "windows stay open", () -> () -> {
                        if (runs.incrementAndGet() == 3) {
                            throw new NoSuchMethodError("close");
                        }
                    });
            for (int i = 0; i < 5; i++) {
                workaround.run();
            }
            assertThat(runs).hasValue(3);
            assertThat(log.warningsWith("closing of windows")).hasSize(1);
        }
    }
}
