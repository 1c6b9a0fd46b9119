package org.expertgrid.cluster.upkeep;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import org.expertgrid.cluster.models.Claim;

/**
 * How often a member does its housekeeping, and how long it waits before it finishes the work of others.
 *
 * <p>A test hands a member shorter times in the user context of its configuration, under {@link #KEY}.
 *
 * @param sweep between two looks for tiles that have come to this member or to holders of backups
 * @param removals between two looks for shards of models that were removed elsewhere
 * @param cleanup between two looks for work that was abandoned, and for ranks that are spread unevenly
 * @param connections between two looks for connections that no member answers
 * @param abandoned without a change, after which unfinished work counts as abandoned
 * @param rebalance without a change, after which uneven ranks are moved; negative for never
 */
public record Timings(
        Duration sweep,
        Duration removals,
        Duration cleanup,
        Duration connections,
        Duration abandoned,
        Duration rebalance) {
    /** The key in the user context of a member's configuration. */
    public static final String KEY = Timings.class.getName();

    /** Returns the times of a member in production. */
    public static Timings withRebalance(long rebalanceSeconds) {
        return new Timings(
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofSeconds(Claim.ABANDONED_SECONDS),
                Duration.ofSeconds(rebalanceSeconds));
    }

    /** Returns the times in a member's user context, or those of production. */
    public static Timings of(HazelcastInstance member, long rebalanceSeconds) {
        return member.getUserContext().get(KEY) instanceof Timings timings ? timings : withRebalance(rebalanceSeconds);
    }

    /** Returns times that look for connections that often, and are the same otherwise. */
    public Timings lookingForConnections(Duration interval) {
        return new Timings(sweep, removals, cleanup, interval, abandoned, rebalance);
    }

    /** Returns times that look for removals and abandoned work that often, and are the same otherwise. */
    public Timings looking(Duration interval) {
        return new Timings(sweep, interval, interval, connections, abandoned, rebalance);
    }
}
