package org.expertgrid.cli.output;

import org.expertgrid.experts.errors.ExpertgridException;

/** Thrown if a computed result is wrong. The command then ends with exit code 1. */
public final class WrongAnswerException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public WrongAnswerException(String message) {
        super(message);
    }
}
