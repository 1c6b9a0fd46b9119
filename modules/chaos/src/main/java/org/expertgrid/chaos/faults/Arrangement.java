package org.expertgrid.chaos.faults;

/** How a cluster is set up so that it survives certain faults. */
public enum Arrangement {
    /** Members connect to each other directly, and every shard has one backup at least. */
    ONE_BACKUP(1, false, 0),
    /** Every shard has one backup at least, and members connect to each other through relays that can be cut. */
    RELAYED(1, true, 0),
    /** Every shard has two backups at least, on at least four member JVMs, so that two members may be lost at once. */
    TWO_BACKUPS(2, false, 4);

    private final int fewestBackups;
    private final boolean relayed;
    private final int fewestMembers;

    Arrangement(int backups, boolean relayed, int fewestMembers) {
        this.fewestBackups = backups;
        this.relayed = relayed;
        this.fewestMembers = fewestMembers;
    }

    /** Returns it in words, for a given {@code --backups}. */
    public String description(int asked) {
        int backups = backups(asked);
        return backups + (backups == 1 ? " backup" : " backups") + (relayed ? ", relays in between" : "");
    }

    /** Returns how many backups every shard has for a given {@code --backups}. */
    public int backups(int asked) {
        return Math.max(asked, fewestBackups);
    }

    public boolean relayed() {
        return relayed;
    }

    /** Returns how many member JVMs a cluster has for a given {@code --members}. */
    public int members(int asked) {
        return Math.max(asked, fewestMembers);
    }
}
