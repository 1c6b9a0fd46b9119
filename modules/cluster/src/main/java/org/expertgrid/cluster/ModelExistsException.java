package org.expertgrid.cluster;

/** A model of that name is deployed, or being deployed, already. */
public final class ModelExistsException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ModelExistsException(String message) {
        super(message);
    }
}
