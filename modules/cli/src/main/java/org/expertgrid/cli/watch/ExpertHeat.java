package org.expertgrid.cli.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.server.page.ClusterView.LayerHeat;

/**
 * How many rows went to each expert in the last minute, from counters that only grow.
 *
 * <p>For one thread.
 */
final class ExpertHeat {
    static final Duration WINDOW = Duration.ofMinutes(1);
    /** A counter is kept this often, because a model may have thousands of experts. */
    private static final Duration KEPT_EVERY = Duration.ofSeconds(5);

    private final Deque<Counted> kept = new ArrayDeque<>();

    private record Counted(Instant at, Map<Integer, List<Long>> rows) {}

    /**
     * Takes the counters of this moment.
     *
     * @param rows for each layer by its number, how many rows each expert has had so far
     * @return the rows of the last minute, by layer; of all the time where the first look was less than a minute ago
     */
    List<LayerHeat> observe(Instant now, Map<Integer, List<Long>> rows) {
        // The last one that is older than the window is where the window begins.
        while (kept.size() > 1 && !second().at().plus(WINDOW).isAfter(now)) {
            kept.removeFirst();
        }
        if (kept.isEmpty()) {
            // Rows before the first look count, too: the window begins without any.
            kept.addLast(new Counted(now, Map.of()));
        }
        Map<Integer, List<Long>> before = kept.getFirst().rows();
        if (!kept.getLast().at().plus(KEPT_EVERY).isAfter(now)) {
            kept.addLast(new Counted(now, rows));
        }
        List<LayerHeat> heat = new ArrayList<>();
        new TreeMap<>(rows)
                .forEach((layer, counts) -> heat.add(new LayerHeat(layer, grown(counts, before.get(layer)))));
        return heat;
    }

    private Counted second() {
        return kept.stream().skip(1).findFirst().orElseThrow();
    }

    private static List<Long> grown(List<Long> now, List<Long> before) {
        if (before == null) {
            return now;
        }
        List<Long> grown = new ArrayList<>();
        for (int expert = 0; expert < now.size(); expert++) {
            grown.add(now.get(expert) - before.get(expert));
        }
        return grown;
    }
}
