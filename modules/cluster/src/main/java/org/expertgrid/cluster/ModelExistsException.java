package org.expertgrid.cluster;

import org.expertgrid.experts.ExpertgridException;

/** A model of that name is deployed, or being deployed, already. */
public final class ModelExistsException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    ModelExistsException(String message) {
        super(message);
    }
}
