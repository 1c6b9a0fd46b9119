package org.expertgrid.decoder.python;

import org.expertgrid.experts.errors.Problems;

/**
 * The limits of one rendering.
 *
 * @param steps statements and expressions that are evaluated; a search in long texts counts as several
 * @param bytes memory that all texts and lists take which the rendering makes, those that it drops again included
 * @param output characters of the rendered text
 * @param depth expressions, blocks, and calls of macros inside each other
 */
public record Limits(long steps, long bytes, int output, int depth) {
    /** Enough for a chat of a million characters; a rendering that reaches them ends within seconds. */
    public static final Limits DEFAULT = new Limits(10_000_000, 256L << 20, 8 << 20, 400);

    public Limits {
        new Problems()
                .expect(steps > 0, "steps", steps, "at least 1")
                .expect(bytes > 0, "bytes", bytes, "at least 1")
                .expect(output > 0, "output", output, "at least 1")
                .expect(depth > 0, "depth", depth, "at least 1")
                .throwIfAny();
    }
}
