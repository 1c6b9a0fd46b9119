package org.expertgrid.cli.output;

import org.expertgrid.experts.errors.ExpertgridException;

/** Thrown where what was computed is not what it should be: a command ends with exit code 1 then. */
public final class WrongAnswerException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public WrongAnswerException(String message) {
        super(message);
    }
}
