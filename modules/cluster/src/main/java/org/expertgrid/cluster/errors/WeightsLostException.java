package org.expertgrid.cluster.errors;

/**
 * Weights that no member holds any more and no store has: members were lost, more of them than the shards have backups. Names the
 * shards. Deploying again is the only remedy.
 */
public final class WeightsLostException extends ForwardFailedException {
    private static final long serialVersionUID = 1L;

    public WeightsLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
