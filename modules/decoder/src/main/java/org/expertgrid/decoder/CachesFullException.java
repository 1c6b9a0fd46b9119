package org.expertgrid.decoder;

import org.expertgrid.experts.errors.ExpertgridException;

/** The keys and values of a step's tokens would be more than may be cached; it can be tried again when another sequence has ended. */
public final class CachesFullException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    CachesFullException(String message) {
        super(message);
    }
}
