package org.expertgrid.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Cuts short the pause that Hazelcast makes after a migration has failed, where members have just joined or left.
 *
 * <p>All that the oldest member does to the table of partitions waits in one queue, and after a failed migration the queue rests for
 * three seconds ({@code MIGRATION_PAUSE_DURATION_SECONDS_ON_MIGRATION_FAILURE} in {@code MigrationManagerImpl}). Migrations fail when a
 * member is lost while shards move, and what rests then is the promotion of the backups of what it held: callers wait for three
 * seconds longer. They fail, too, when a member that has joined is not quite ready; it is a moment later.
 *
 * <pre>
 *   lost    migration fails    paused 3 s                    promoted
 *   ─┼──────────┼──────────────┼─────────────────────────────┼──────▶   as it is
 *   ─┼──────────┼──┼───────────────────────────────────────────────▶   with this
 * </pre>
 *
 * <p>Hazelcast has no setting for it, so this looks into what is not its public interface; a pause for another reason, or longer after
 * members have changed, is left as it is.
 *
 * <p>For one thread.
 */
final class MigrationPause {
    static final int LOOK_MILLIS = 100;

    private static final int AFTER_CHANGE_MILLIS = 10_000;

    private final HazelcastInstance hazelcast;
    private final InternalPartitionServiceImpl partitions;
    private final long afterChangeNanos;
    private Set<Member> members = Set.of();
    private long changed = System.nanoTime();

    MigrationPause(HazelcastInstance member) {
        this(member, AFTER_CHANGE_MILLIS);
    }

    /** Takes for how long after members have changed no pause is let be. */
    MigrationPause(HazelcastInstance member, int afterChangeMillis) {
        this.hazelcast = member;
        this.afterChangeNanos = TimeUnit.MILLISECONDS.toNanos(afterChangeMillis);
        HazelcastInstanceImpl instance =
                member instanceof HazelcastInstanceProxy proxy ? proxy.getOriginal() : (HazelcastInstanceImpl) member;
        this.partitions = instance.node.partitionService;
    }

    /** Ends the pause if there is one and members have changed a moment ago; to be called every {@link #LOOK_MILLIS}. */
    void cutShort() {
        Set<Member> now = hazelcast.getCluster().getMembers();
        if (!now.equals(members)) {
            members = now;
            changed = System.nanoTime();
        }
        if (!partitions.areMigrationTasksAllowed()
                && partitions.isLocalMemberMaster()
                && System.nanoTime() - changed < afterChangeNanos) {
            partitions.resumeMigration();
        }
    }
}
