package org.expertgrid.cluster.errors;

import org.expertgrid.experts.errors.ExpertgridException;

/** A store of the cluster could not read, write or remove a file of a model; the message names the file and says what to do. */
public final class StoreException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
