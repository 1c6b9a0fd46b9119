package org.expertgrid.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.expertgrid.server.page.ClusterView.LayerHeat;
import org.junit.jupiter.api.Test;

class ExpertHeatTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ExpertHeat heat = new ExpertHeat();

    private List<LayerHeat> observe(int second, long... rows) {
        return heat.observe(
                START.plusSeconds(second), Map.of(3, Arrays.stream(rows).boxed().toList()));
    }

    @Test
    void theFirstLookShowsWhatHasBeenCountedSoFar() {
        assertThat(observe(0, 5, 7)).containsExactly(new LayerHeat(3, List.of(5L, 7L)));
    }

    @Test
    void rowsAreThoseOfTheLastMinute() {
        for (int second = 0; second <= 300; second++) {
            long rows = observe(second, 10L * second).get(0).rows().get(0);
            // A counter is kept every five seconds.
            assertThat(rows).isBetween(Math.min(10L * second, 600), 650L);
        }
    }

    @Test
    void expertsThatAreNotAskedCoolDown() {
        observe(0, 0, 0);
        assertThat(observe(1, 100, 0).get(0).rows()).containsExactly(100L, 0L);
        for (int second = 2; second < 70; second++) {
            observe(second, 100, second);
        }
        List<Long> rows = observe(70, 100, 70).get(0).rows();
        assertThat(rows.get(0)).isZero();
        assertThat(rows.get(1)).isBetween(60L, 65L);
    }
}
