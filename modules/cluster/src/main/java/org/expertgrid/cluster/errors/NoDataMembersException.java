package org.expertgrid.cluster.errors;

/** The cluster has no member that could hold weights. */
public final class NoDataMembersException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public NoDataMembersException(String message) {
        super(message);
    }
}
