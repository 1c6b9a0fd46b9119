package org.expertgrid.cluster.errors;

/** There is no model of that name in the cluster, or no longer. */
public final class ModelNotFoundException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public ModelNotFoundException(String message) {
        super(message);
    }
}
