package org.expertgrid.chaos.faults;

/** How a cluster is set up so that it survives certain faults. */
public enum Arrangement {
    /** Members connect to each other directly, and every shard has one backup. */
    ONE_BACKUP("one backup", 1, false, 0),
    /** Every shard has one backup, and members connect to each other through relays that can be cut. */
    RELAYED("one backup, relays in between", 1, true, 0),
    /** Every shard has two backups, on at least four member JVMs, so that two members may be lost at once. */
    TWO_BACKUPS("two backups", 2, false, 4);

    private final String description;
    private final int backups;
    private final boolean relayed;
    private final int fewestMembers;

    Arrangement(String description, int backups, boolean relayed, int fewestMembers) {
        this.description = description;
        this.backups = backups;
        this.relayed = relayed;
        this.fewestMembers = fewestMembers;
    }

    public String description() {
        return description;
    }

    public int backups() {
        return backups;
    }

    public boolean relayed() {
        return relayed;
    }

    /** Returns how many member JVMs a cluster has for a given {@code --members}. */
    public int members(int asked) {
        return Math.max(asked, fewestMembers);
    }
}
