package org.expertgrid.cluster.worker;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.expertgrid.cluster.layout.ExpertKind;
import org.expertgrid.cluster.models.DeployedSets;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.kernels.Kernels;

/**
 * The warm-ups of a member, one for each kind of experts that models have. A member that has not ended them answers, but callers ask other holders
 * of its ranks where there are some.
 *
 * <p>Safe for use by many threads.
 */
final class WarmUps {
    /** Long enough for processors that are busy: quiet ones take half a second. */
    private static final long LONGEST_MILLIS = 10_000;

    private final DeployedSets deployed;
    private final Kernels kernels;
    private final Executor executor;
    /** The kinds whose warm-up has begun, and whether it has ended. */
    private final Map<ExpertKind, Boolean> ended = new ConcurrentHashMap<>();

    private volatile boolean begun;

    WarmUps(DeployedSets deployed, Kernels kernels, Executor executor) {
        this.deployed = deployed;
        this.kernels = kernels;
        this.executor = executor;
    }

    /** Warms up for all models that are there, and from now on for those that {@link #round} finds. Returns at once. */
    void begin() {
        begun = true;
        executor.execute(() -> warmUp(deployed.all()));
    }

    /** Warms up for models that are new, if warm-ups have begun. Returns at once. */
    void round() {
        if (begun) {
            warmUp(deployed.known());
        }
    }

    private void warmUp(Collection<Deployed> sets) {
        sets.forEach(set -> kinds(set).forEach(this::warmUp));
    }

    private void warmUp(ExpertKind kind) {
        if (ended.putIfAbsent(kind, false) == null) {
            executor.execute(() -> {
                WarmUp.run(kernels, kind, LONGEST_MILLIS);
                ended.put(kind, true);
            });
        }
    }

    /** Returns whether nothing is left to warm up for a deployment; so it is where this member does not warm up. */
    boolean haveEnded(UUID deployment) {
        return !begun
                || deployed.known(deployment).stream()
                        .flatMap(set -> kinds(set).stream())
                        .allMatch(kind -> ended.getOrDefault(kind, false));
    }

    private static Set<ExpertKind> kinds(Deployed set) {
        return set.definition().layers().stream()
                .flatMap(layer -> ExpertKind.of(layer).stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
