package org.expertgrid.chaos.faults;

/** How a cluster is set up for the faults that it is to survive. */
public enum Arrangement {
    /** Members talk to each other directly, and every shard has one backup. */
    ONE_BACKUP("one backup", 1, false, 0),
    /** The same, but members reach each other through relays, which can be cut. */
    RELAYED("one backup, relays in between", 1, true, 0),
    /** Every shard has two backups, on four member JVMs at least: two may be lost at once. */
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

    /** Returns how many member JVMs there are when that many are asked for. */
    public int members(int asked) {
        return Math.max(asked, fewestMembers);
    }
}
