package org.expertgrid.cluster.errors;

/** The deployment of that model has not ended, or ended half-way: there is nothing to connect to. */
public final class ModelNotReadyException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public ModelNotReadyException(String message) {
        super(message);
    }
}
