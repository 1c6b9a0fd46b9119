package org.expertgrid.benchmarks.model;

/** The kinds of work that are timed. */
enum ModelWork {
    DECODE_1("decode 1", 1, 1),
    DECODE_8("decode 8", 8, 1),
    PREFILL_512("prefill 512", 1, 512);

    /** Sequences of decoding begin anew at this length. */
    private static final int LONGEST = 128;

    private final String label;
    private final int sequences;
    private final int tokens;

    ModelWork(String label, int sequences, int tokens) {
        this.label = label;
        this.sequences = sequences;
        this.tokens = tokens;
    }

    /** Returns its name in tables and JSON. */
    String label() {
        return label;
    }

    int sequences() {
        return sequences;
    }

    /** Returns the tokens of each sequence that a step reads. */
    int tokens() {
        return tokens;
    }

    /** Returns the tokens of all sequences that a step reads. */
    int tokensOfStep() {
        return sequences * tokens;
    }

    /** Returns how many steps there are before sequences begin anew. */
    int steps() {
        return Math.max(1, LONGEST / tokens);
    }

    /** Returns the most tokens of all sequences of any work. */
    static int mostTokens() {
        int most = 0;
        for (ModelWork work : values()) {
            most = Math.max(most, work.tokensOfStep() * work.steps());
        }
        return most;
    }
}
