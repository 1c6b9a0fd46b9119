package org.expertgrid.cluster.errors;

/** A model of that name is deployed, or being deployed, already. */
public final class ModelExistsException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public ModelExistsException(String message) {
        super(message);
    }
}
