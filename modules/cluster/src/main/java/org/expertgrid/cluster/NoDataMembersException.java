package org.expertgrid.cluster;

import org.expertgrid.experts.ExpertgridException;

/** The cluster has no member that could hold weights. */
public final class NoDataMembersException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    NoDataMembersException(String message) {
        super(message);
    }
}
