package org.expertgrid.cluster.errors;

/**
 * A forward for which there was no room before its deadline: more is asked of a member, or of this handle, than it can do. Nothing is
 * broken. Fewer forwards at a time help, a longer deadline, or more members.
 */
public final class OverloadedException extends ForwardFailedException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message, Throwable cause) {
        super(message, cause);
    }
}
