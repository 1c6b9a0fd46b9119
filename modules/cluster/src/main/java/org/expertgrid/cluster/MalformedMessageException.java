package org.expertgrid.cluster;

import org.expertgrid.experts.ExpertgridException;

/** A task or a reply that does not say what it should: from another version of Expertgrid, damaged, or made up. */
final class MalformedMessageException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
