package org.expertgrid.server.sessions;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a request that came now would be answered.
 *
 * @param layers tells why the model's layers could not be computed now; nothing where they could
 * @param longestStep how long a step may take
 */
public record Readiness(Sessions sessions, Engine engine, Supplier<Optional<String>> layers, Duration longestStep) {
    /** Returns why a request would not be answered, or nothing. */
    public Optional<String> problem() {
        if (!sessions.isOpen()) {
            return Optional.of("the server is shutting down");
        }
        Duration step = Duration.ofNanos(engine.status().nanosOfStep());
        if (step.compareTo(longestStep) > 0) {
            return Optional.of("a step has been running for " + step.toSeconds() + " s (expected: at most "
                    + longestStep.toSeconds() + ")");
        }
        return layers.get();
    }
}
