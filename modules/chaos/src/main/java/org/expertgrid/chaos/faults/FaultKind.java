package org.expertgrid.chaos.faults;

/** The kinds of faults. */
public enum FaultKind {
    /** A member is killed by SIGKILL. */
    KILL(Arrangement.ONE_BACKUP),
    /** A member is halted by SIGSTOP for 1 to 10 s and continues. The others may have removed it meanwhile. */
    PAUSE(Arrangement.ONE_BACKUP),
    /** A member is halted and never continues. Its connections stay open. */
    FREEZE(Arrangement.ONE_BACKUP),
    /** A member hands over its shards and leaves. */
    STOP(Arrangement.ONE_BACKUP),
    /** A member joins. */
    START(Arrangement.ONE_BACKUP),
    /** A member is killed while a second model is being deployed. */
    KILL_WHILE_DEPLOYING(Arrangement.ONE_BACKUP),
    /** A member is killed while shards migrate to a member that has just joined. */
    KILL_WHILE_MIGRATING(Arrangement.ONE_BACKUP),
    /** A member is cut off from all others until they have removed it, and is connected again. */
    CUT_OFF(Arrangement.RELAYED),
    /** The connections between clients and a member deliver nothing for some seconds. Members still reach each other. */
    CUT_CLIENT(Arrangement.RELAYED),
    /** Two members are killed at the same time. */
    KILL_TWO(Arrangement.TWO_BACKUPS);

    private final Arrangement arrangement;

    FaultKind(Arrangement arrangement) {
        this.arrangement = arrangement;
    }

    /** Returns the arrangement of a cluster that survives it. */
    Arrangement arrangement() {
        return arrangement;
    }
}
