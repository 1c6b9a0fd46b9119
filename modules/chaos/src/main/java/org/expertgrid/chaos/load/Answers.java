package org.expertgrid.chaos.load;

/** The kind of answers that callers receive again and again and compare. */
public enum Answers {
    /** The results of forwards of a layer, compared row by row. */
    FORWARDS("forwards", "answers", "rows"),
    /** Pieces of texts that a server streams; each text is compared when it has ended. */
    PIECES("pieces", "pieces of text", "texts");

    private final String key;
    private final String words;
    private final String compared;

    Answers(String key, String words, String compared) {
        this.key = key;
        this.words = words;
        this.compared = compared;
    }

    /** Returns the name of their count in JSON. */
    public String key() {
        return key;
    }

    /** Returns what people call them. */
    public String words() {
        return words;
    }

    /** Returns what is right or wrong in them. */
    public String compared() {
        return compared;
    }
}
