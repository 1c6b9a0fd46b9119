package org.expertgrid.chaos.faults;

/** What can happen to members of a cluster. */
public enum FaultKind {
    /** One is ended at once, by SIGKILL. */
    KILL(Arrangement.ONE_BACKUP),
    /** One is halted for 1 to 10 s, by SIGSTOP, and goes on: it may have been taken for dead meanwhile. */
    PAUSE(Arrangement.ONE_BACKUP),
    /** One is halted and never goes on; its connections stay open. */
    FREEZE(Arrangement.ONE_BACKUP),
    /** One leaves in good order. */
    STOP(Arrangement.ONE_BACKUP),
    /** One more joins. */
    START(Arrangement.ONE_BACKUP),
    /** One is ended at once while a second model is being deployed. */
    KILL_WHILE_DEPLOYING(Arrangement.ONE_BACKUP),
    /** One is ended at once while shards travel to one that has just joined. */
    KILL_WHILE_MIGRATING(Arrangement.ONE_BACKUP),
    /** One is cut off from all other members, longer than they wait for it, and comes back. */
    CUT_OFF(Arrangement.RELAYED),
    /** Two are ended at once, at the same time. */
    KILL_TWO(Arrangement.TWO_BACKUPS);

    private final Arrangement arrangement;

    FaultKind(Arrangement arrangement) {
        this.arrangement = arrangement;
    }

    /** Returns the cluster that survives it. */
    Arrangement arrangement() {
        return arrangement;
    }
}
