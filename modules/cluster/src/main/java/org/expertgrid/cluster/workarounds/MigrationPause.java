package org.expertgrid.cluster.workarounds;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Cuts short the pause that Hazelcast makes after a migration has failed, where a member has just been lost.
 *
 * <p>All that the oldest member does to the table of partitions waits in one queue, and after a failed migration the queue rests for
 * three seconds ({@code MIGRATION_PAUSE_DURATION_SECONDS_ON_MIGRATION_FAILURE} in {@code MigrationManagerImpl}). Migrations fail when a
 * member is lost while shards move, and what rests then is the promotion of the backups of what it held: callers wait for three
 * seconds longer.
 *
 * <pre>
 *   lost   a migration fails   three seconds                promoted
 *   --+-----------+------------------------------------------+---->   as it is
 *   --+-----------+---+------------------------------------------->   with this
 * </pre>
 *
 * <p>Hazelcast has no setting for it, so this looks into what is not its public interface. A pause that is over at the next look, as
 * while a member joins, is left alone, and so is any pause when no member has been lost. Hazelcast also pauses while a member joins and
 * while a new oldest member takes over, and does not show which pause it is: where one of these is seen at two looks soon after a loss, it
 * is ended too.
 *
 * <p>For one thread.
 */
public final class MigrationPause {
    public static final int LOOK_MILLIS = 100;

    private static final int AFTER_LOSS_MILLIS = 10_000;

    private final HazelcastInstance hazelcast;
    private final InternalPartitionServiceImpl partitions;
    private final long afterLossNanos;
    private Set<Member> members;
    private long lostAt;
    private boolean wasPaused;

    public MigrationPause(HazelcastInstance member) {
        this(member, AFTER_LOSS_MILLIS);
    }

    /** Takes for how long after a loss no pause is let be. */
    public MigrationPause(HazelcastInstance member, int afterLossMillis) {
        this.hazelcast = member;
        HazelcastInstanceImpl instance =
                member instanceof HazelcastInstanceProxy proxy ? proxy.getOriginal() : (HazelcastInstanceImpl) member;
        this.partitions = instance.node.partitionService;
        this.afterLossNanos = TimeUnit.MILLISECONDS.toNanos(afterLossMillis);
        this.lostAt = System.nanoTime() - afterLossNanos;
        // now, not at the first look: a member may be lost in between
        this.members = member.getCluster().getMembers();
    }

    /** Ends the pause if there was one at the last look, too, and a member was lost a moment ago. */
    public void look() {
        Set<Member> now = hazelcast.getCluster().getMembers();
        if (!now.containsAll(members)) {
            lostAt = System.nanoTime();
        }
        members = now;
        boolean paused = partitions.isLocalMemberMaster() && !partitions.areMigrationTasksAllowed();
        if (paused && wasPaused && System.nanoTime() - lostAt < afterLossNanos) {
            partitions.resumeMigration();
        }
        wasPaused = paused;
    }
}
