package org.expertgrid.cluster.errors;

import org.expertgrid.experts.errors.ExpertgridException;

/** A task or a reply that does not say what it should: from another version of Expertgrid, damaged, or made up. */
public final class MalformedMessageException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
