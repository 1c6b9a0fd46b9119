package org.expertgrid.experts.errors;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * Collects what is wrong with a configuration, or with what a call is given, so that one error names all of it.
 *
 * <p>For one thread.
 */
public final class Problems {
    private final List<String> found = new ArrayList<>();

    /** Adds the problem {@code name: value (expected: expectation)} unless {@code holds}, or it has been found already. */
    public Problems expect(boolean holds, String name, Object value, String expectation) {
        // No text where nothing is wrong: members check several thousand numbers for one task.
        if (!holds) {
            String problem = name + ": " + value + " (expected: " + expectation + ")";
            if (!found.contains(problem)) {
                found.add(problem);
            }
        }
        return this;
    }

    /** Adds what keeps {@code x} from being {@code [any, inputs]} of that type, as a layer's input must be. */
    public Problems expectInput(Matrix x, int inputs, ElementType type) {
        return expect(x.columns() == inputs, "x.columns", x.columns(), "the layer's input width " + inputs)
                .expect(x.elementType() == type, "x.elementType", x.elementType(), type + ", see Matrix.to");
    }

    /** Returns what has been found so far. */
    public List<String> found() {
        return List.copyOf(found);
    }

    /** Throws an {@link IllegalArgumentException} that names every problem; does nothing where there are none. */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", found));
        }
    }
}
