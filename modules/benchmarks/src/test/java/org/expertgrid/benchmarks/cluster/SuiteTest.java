package org.expertgrid.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.expertgrid.benchmarks.cluster.ClusterRun.Load;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Test;

class SuiteTest {
    private static Suite suite(boolean full) {
        return new Suite(
                List.of(Caller.values()),
                List.of(1, 2, 3),
                List.of(ElementType.values()),
                List.of(Exchange.values()),
                List.of(1, 16, 128, 1000),
                List.of(1, 4, 16),
                full);
    }

    @Test
    void aFullRunHasEveryCombination() {
        List<Load> loads = suite(true).loads();
        int combinations = 3 * 3 * 2 * 2 * 4 * 3;
        int forThroughput = 3 * 3 * 2 * 2;
        assertThat(loads).hasSize(combinations + forThroughput).doesNotHaveDuplicates();
    }

    @Test
    void aShortRunHasWhatGoalsAreAbout() {
        List<Load> loads = suite(false).loads();
        for (ElementType element : ElementType.values()) {
            assertThat(loads)
                    .contains(
                            new Load(Caller.CLIENT, 3, element, Exchange.REDUCE, 1000, 1, false),
                            new Load(Caller.MEMBER, 3, element, Exchange.REDUCE, 1000, 1, false),
                            new Load(Caller.CLIENT, 3, element, Exchange.CONCAT, 1000, 1, false),
                            new Load(Caller.CLIENT, 3, element, Exchange.REDUCE, 1, 1, false),
                            new Load(Caller.CLIENT, 3, element, Exchange.REDUCE, 16, 16, false),
                            new Load(Caller.CLIENT, 3, element, Exchange.REDUCE, 16, 16, true),
                            new Load(Caller.CLIENT, 3, element, Exchange.REDUCE, 256, 1, false),
                            new Load(Caller.EMBEDDED, 3, element, Exchange.REDUCE, 1000, 1, false));
        }
        assertThat(loads).hasSizeLessThan(60);
    }
}
