package org.expertgrid.server.answers;

import java.util.List;

/** Tells the parts of a text apart while it comes. For one thread. */
public interface AnswerReader {
    /** Returns the parts that are sure once this piece has come; often one, sometimes none. */
    List<Part> add(String piece);

    /** Returns what is left when the text has ended. */
    List<Part> end();
}
