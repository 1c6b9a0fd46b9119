package org.expertgrid.cluster;

import org.expertgrid.experts.ExpertgridException;

/** There is no model of that name in the cluster, or no longer. */
public final class ModelNotFoundException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    ModelNotFoundException(String message) {
        super(message);
    }
}
