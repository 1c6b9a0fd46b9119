package org.expertgrid.cluster.workarounds;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.partition.Partition;
import java.util.Set;

/**
 * Cuts short the pause that Hazelcast makes after a migration has failed, where partitions wait for a new owner.
 *
 * <p>All that the oldest member does to the table of partitions waits in one queue, and after a failed migration the queue rests for
 * three seconds ({@code MIGRATION_PAUSE_DURATION_SECONDS_ON_MIGRATION_FAILURE} in {@code MigrationManagerImpl}). Migrations fail when a
 * member is lost while shards move, and what rests then is the promotion of the backups of what it held. Holders of backups answer meanwhile. Where there
 * are none, a forward would wait for three seconds until weights come from a store, or until it is certain that they are lost.
 *
 * <pre>
 *   lost   a migration fails   three seconds                promoted
 *   --+-----------+------------------------------------------+---->   as it is
 *   --+-----------+---+------------------------------------------->   with this
 * </pre>
 *
 * <p>Hazelcast has no setting for it, so this looks into what is not its public interface. A pause that is over at the next look, as
 * while a member joins, is left alone, and so is any pause while each partition has an owner that is a member.
 *
 * <p>For one thread.
 */
public final class MigrationPause {
    public static final int LOOK_MILLIS = 100;

    private final HazelcastInstance hazelcast;
    private final InternalPartitionServiceImpl partitions;
    private boolean wasPaused;

    public MigrationPause(HazelcastInstance member) {
        this.hazelcast = member;
        HazelcastInstanceImpl instance =
                member instanceof HazelcastInstanceProxy proxy ? proxy.getOriginal() : (HazelcastInstanceImpl) member;
        this.partitions = instance.node.partitionService;
    }

    /** Ends the pause if there was one at the last look, too, and a partition waits for a new owner. */
    public void look() {
        boolean paused = partitions.isLocalMemberMaster() && !partitions.areMigrationTasksAllowed();
        if (paused && wasPaused && hasPartitionWithoutOwner()) {
            partitions.resumeMigration();
        }
        wasPaused = paused;
    }

    private boolean hasPartitionWithoutOwner() {
        Set<Member> members = hazelcast.getCluster().getMembers();
        return hazelcast.getPartitionService().getPartitions().stream()
                .map(Partition::getOwner)
                .anyMatch(owner -> owner == null || !members.contains(owner));
    }
}
