package org.expertgrid.cluster.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import java.util.concurrent.atomic.AtomicLong;

/** How many partitions are still on their way between members, as a member hears of it. Safe for use by many threads. */
public final class Migrations implements MigrationListener {
    private final AtomicLong moves = new AtomicLong();
    private volatile int remaining;

    /** Listens for as long as the member runs. */
    public static Migrations of(HazelcastInstance member) {
        Migrations migrations = new Migrations();
        member.getPartitionService().addMigrationListener(migrations);
        return migrations;
    }

    public int remaining() {
        return remaining;
    }

    /** Returns how many partitions, or backups of partitions, have moved so far. */
    public long moves() {
        return moves.get();
    }

    @Override
    public void migrationStarted(MigrationState state) {
        remaining = state.getRemainingMigrations();
    }

    @Override
    public void migrationFinished(MigrationState state) {
        remaining = 0;
    }

    @Override
    public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
        remaining = event.getMigrationState().getRemainingMigrations();
        moves.incrementAndGet();
    }

    @Override
    public void replicaMigrationFailed(ReplicaMigrationEvent event) {
        remaining = event.getMigrationState().getRemainingMigrations();
    }
}
