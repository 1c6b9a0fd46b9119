package org.expertgrid.decoder.grammar;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.expertgrid.decoder.grammar.Symbol.Bytes;
import org.expertgrid.decoder.grammar.Symbol.Rule;

/**
 * The states of a machine that reads a grammar byte by byte. A state is the set of all that may follow; states and the ways between them are made when
 * they are first needed, and remembered. For one thread.
 */
final class States {
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<Set<Expected>, State> remembered = new HashMap<>();

    /** The characters that may follow at one place of a text. */
    final class State {
        private final Set<Expected> expected;
        private final boolean complete;
        private final State[] next = new State[256];
        private final boolean[] known = new boolean[256];

        private State(Set<Expected> expected, boolean complete) {
            this.expected = expected;
            this.complete = complete;
        }

        /** Tells whether the text may end here. */
        boolean isComplete() {
            return complete;
        }

        /** Returns the state after this byte, null if the byte may not come here. */
        State after(byte value) {
            int index = value & 0xff;
            if (!known[index]) {
                known[index] = true;
                next[index] = stateAfter(index);
            }
            return next[index];
        }

        private State stateAfter(int value) {
            Deque<Expected> rests = new ArrayDeque<>();
            boolean ends = false;
            for (Expected one : expected) {
                if (((Bytes) one.first()).contains(value)) {
                    ends |= one.rest() == null;
                    if (one.rest() != null) {
                        rests.add(one.rest());
                    }
                }
            }
            return rests.isEmpty() && !ends ? null : state(rests, ends);
        }
    }

    /** Returns the state in which this rule is expected. */
    State start(Rule rule) {
        return state(new ArrayDeque<>(List.of(new Expected(rule, null))), false);
    }

    /** Returns the state of all that these begin with: rules are replaced by what they stand for until a byte comes first. */
    private State state(Deque<Expected> open, boolean ends) {
        boolean complete = ends;
        Set<Expected> seen = new HashSet<>(open);
        Set<Expected> bytes = new HashSet<>();
        while (!open.isEmpty()) {
            Expected one = open.poll();
            if (one.first() instanceof Bytes) {
                bytes.add(one);
                continue;
            }
            for (List<Symbol> alternative : ((Rule) one.first()).alternatives()) {
                Expected longer = one.rest();
                for (int i = alternative.size() - 1; i >= 0; i--) {
                    longer = new Expected(alternative.get(i), longer);
                }
                complete |= longer == null;
                if (longer != null && seen.add(longer)) {
                    open.add(longer);
                }
            }
        }
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        boolean completes = complete;
        return remembered.compute(
                bytes,
                (key, state) -> state != null && state.complete == completes ? state : new State(key, completes));
    }
}
