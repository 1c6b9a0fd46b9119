package org.expertgrid.experts.errors;

import java.nio.file.Path;

/** A file that is missing, cannot be read or written, or is not what it claims to be; the message begins with its path. */
public class BadFileException extends ExpertgridException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_EXCERPT = 200;

    public BadFileException(String message) {
        super(message);
    }

    public BadFileException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Returns the exception for one wrong thing in a file, with the message {@code file: name: found (expected: expectation)}.
     *
     * @param name what is wrong; it may come from the file and is made {@linkplain #excerpt printable}
     * @param found what the file has instead; it is made printable as well
     */
    public static BadFileException expected(Path file, String name, Object found, String expectation) {
        return new BadFileException(file + ": " + excerpt(name) + ": " + excerpt(String.valueOf(found)) + " (expected: "
                + expectation + ")");
    }

    /** Returns the beginning of a text from a file, with '?' for each character that a terminal may not print. */
    public static String excerpt(String text) {
        String beginning = text.length() <= LONGEST_EXCERPT ? text : text.substring(0, LONGEST_EXCERPT) + "...";
        return beginning.replaceAll("[\\p{Cntrl}\\p{Co}\\p{Cs}\\p{Cn}]", "?");
    }
}
