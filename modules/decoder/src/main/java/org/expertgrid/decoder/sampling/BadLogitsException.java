package org.expertgrid.decoder.sampling;

import org.expertgrid.experts.errors.ExpertgridException;

/** Logits from which no token can be chosen: there is one that is no number, or none that is allowed. */
public final class BadLogitsException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public BadLogitsException(String message) {
        super(message);
    }
}
