package org.expertgrid.decoder.python;

/**
 * Counts what one rendering uses, and ends it with a {@link PythonError} before it uses more than its {@link Limits}.
 *
 * <p>Who makes a text or a list asks here first, so that nothing is allocated that is not allowed. For one thread.
 */
public final class Meter {
    private static final int BYTES_OF_A_CHARACTER = 2;
    private static final int BYTES_OF_AN_ELEMENT = 16;
    /** A step evaluates an expression; in the same time a search compares some sixty characters. */
    private static final int COMPARISONS_OF_A_STEP = 64;

    private final Limits limits;
    private long steps;
    private long bytes;
    private int depth;

    public Meter(Limits limits) {
        this.limits = limits;
    }

    /** Counts one statement or expression. */
    public void step() {
        steps(1);
    }

    /** Counts a search for {@code needle} characters in {@code haystack} characters, at its worst. */
    public void search(long haystack, long needle) {
        steps(1 + haystack * (1 + Math.min(needle, haystack)) / COMPARISONS_OF_A_STEP);
    }

    /** Counts a text of that many characters that is about to be made. */
    public void text(long characters) {
        bytes(characters, BYTES_OF_A_CHARACTER);
    }

    /** Counts a list, or a mapping, of that many elements that is about to be made. */
    public void list(long elements) {
        bytes(elements, BYTES_OF_AN_ELEMENT);
    }

    /** Counts one step, one level deeper than before; {@link #leave} goes back. */
    public void enter() {
        step();
        if (++depth > limits.depth()) {
            throw new PythonError("nested deeper than " + limits.depth() + " levels (expected: at most that)");
        }
    }

    /** Goes one level back. */
    public void leave() {
        depth--;
    }

    /** Refuses a rendered text of that many characters if it is too long. */
    public void output(int characters) {
        if (characters > limits.output()) {
            throw new PythonError(
                    "the text is longer than " + limits.output() + " characters (expected: at most that)");
        }
    }

    private void steps(long more) {
        steps += more;
        if (steps > limits.steps()) {
            throw new PythonError("more than " + limits.steps() + " steps (expected: at most that)");
        }
    }

    private void bytes(long count, int size) {
        if (count > (limits.bytes() - bytes) / size) {
            throw new PythonError("texts and lists of more than " + limits.bytes() + " bytes (expected: at most that)");
        }
        bytes += Math.max(0, count) * size;
    }
}
