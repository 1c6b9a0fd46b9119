package org.expertgrid.experts.numpy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Random generators by name, one of which is current: what the seed keeps in globals, in an object that is passed on.
 *
 * <p>Every generator is a {@link RandomState} of seed 0, whatever its name, and is made when its name is first entered;
 * entered again, it goes on where it stopped. Outside any scope the unnamed default is current, a generator of its own.
 *
 * <pre>{@code
 * try (NamedRandomStates.Scope router = states.enter("router")) {
 *     weight = router.randomState().randn(inputs, experts);    // which is states.current() in here
 * }
 * }</pre>
 *
 * <p>Not safe for use by many threads.
 */
public final class NamedRandomStates {
    private static final long SEED = 0;

    private final Map<String, RandomState> named = new HashMap<>();
    private final Deque<Scope> openScopes = new ArrayDeque<>();
    private RandomState unnamed = new RandomState(SEED);

    /** Returns the generator of the innermost open scope, or the unnamed default where none is open. */
    public RandomState current() {
        Scope innermost = openScopes.peek();
        return innermost == null ? unnamed : innermost.randomState;
    }

    /**
     * Makes the generator of this name current until the returned scope is closed.
     *
     * <p>Scopes may be nested, also of one name; the innermost is to be closed first.
     */
    public Scope enter(String name) {
        Objects.requireNonNull(name, "name");
        Scope scope = new Scope(name, named.computeIfAbsent(name, unknown -> new RandomState(SEED)));
        openScopes.push(scope);
        return scope;
    }

    /**
     * Puts all generators back to their beginning, the unnamed default too.
     *
     * @throws IllegalStateException if a scope is open: the generator that its holder is drawing from would silently be
     *     another one
     */
    public void reset() {
        if (!openScopes.isEmpty()) {
            throw new IllegalStateException(
                    "reset: inside " + openScopes.peek() + " (expected: outside of every scope; close it first)");
        }
        named.clear();
        unnamed = new RandomState(SEED);
    }

    /** The time during which one generator is current, for a try-with-resources statement. */
    public final class Scope implements AutoCloseable {
        private final String name;
        private final RandomState randomState;
        private boolean closed;

        private Scope(String name, RandomState randomState) {
            this.name = name;
            this.randomState = randomState;
        }

        /** Returns the generator that this scope makes current. */
        public RandomState randomState() {
            return randomState;
        }

        /**
         * Makes current again what was so before; does nothing when called again.
         *
         * @throws IllegalStateException if a scope that was entered later is still open; nothing changes in that case
         */
        @Override
        public void close() {
            if (closed) {
                return;
            }
            if (openScopes.peek() != this) {
                throw new IllegalStateException("close: " + this + " (expected: " + openScopes.peek()
                        + " first, which was entered later and is still open)");
            }
            openScopes.pop();
            closed = true;
        }

        @Override
        public String toString() {
            return "scope '" + name + "'";
        }
    }
}
