package org.expertgrid.cluster.errors;

/** A member or client was started without Expertgrid's configuration; the message names the missing lines. */
public final class NotConfiguredException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public NotConfiguredException(String message) {
        super(message);
    }
}
