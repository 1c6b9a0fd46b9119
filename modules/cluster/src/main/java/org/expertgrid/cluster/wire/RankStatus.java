package org.expertgrid.cluster.wire;

import org.expertgrid.cluster.errors.MalformedMessageException;

/** What became of one rank's part of a task. */
public enum RankStatus {
    /** Done. */
    OK,
    /** The member neither holds the rank's weights nor owns its partition: ask the new owner. */
    MOVED,
    /** The member owns the rank's partition, and the weights are not there. */
    MISSING,
    /** It went wrong; the reply says how. */
    FAILED,
    /** No member has the rank's weights any more, for certain; the reply names the shard. */
    LOST,
    /** The member has no room for the task or its weights, or its turn would come too late; the reply says what is short. */
    BUSY;

    /** Returns the status with that {@link #ordinal()}, as it travels. */
    static RankStatus of(byte ordinal) {
        return switch (ordinal) {
            case 0 -> OK;
            case 1 -> MOVED;
            case 2 -> MISSING;
            case 3 -> FAILED;
            case 4 -> LOST;
            case 5 -> BUSY;
            default -> throw new MalformedMessageException("status: " + ordinal + " (expected: 0 to 5)");
        };
    }
}
