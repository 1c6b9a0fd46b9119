package org.expertgrid.cluster.wire;

import java.util.Map;
import org.expertgrid.cluster.layout.Codes;

/** The outcome of one rank's part of a task. */
public enum RankStatus {
    /** Done. */
    OK,
    /** The member neither holds the rank's weights nor owns its partition: ask the new owner. */
    MOVED,
    /** The member owns the rank's partition, and the weights are not there. */
    MISSING,
    /** An error; the reply names it. */
    FAILED,
    /** No member has the rank's weights any more, for certain; the reply names the shard. */
    LOST,
    /** The member is starting, has no room for the task or its weights, or could not compute in time; the reply says which. */
    BUSY,
    /** The member's configuration lacks what Expertgrid needs; the reply names it. */
    NOT_CONFIGURED;

    static final Codes<RankStatus> CODES =
            new Codes<>("status", Map.of(0, OK, 1, MOVED, 2, MISSING, 3, FAILED, 4, LOST, 5, BUSY, 6, NOT_CONFIGURED));
}
