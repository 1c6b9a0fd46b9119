package org.expertgrid.cluster;

/** The cluster has no member that could hold weights. */
public final class NoDataMembersException extends RefusedException {
    private static final long serialVersionUID = 1L;

    NoDataMembersException(String message) {
        super(message);
    }
}
