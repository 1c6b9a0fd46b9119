package org.expertgrid.cluster;

/** There is no model of that name in the cluster, or no longer. */
public final class ModelNotFoundException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ModelNotFoundException(String message) {
        super(message);
    }
}
