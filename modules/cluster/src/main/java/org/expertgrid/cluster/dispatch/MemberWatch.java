package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.expertgrid.cluster.wire.Report.Turn;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest.AskTurn;

/**
 * When members answered one Hazelcast instance, and which of them are silent: the ranks of a silent member are asked of holders of backups
 * until it answers again. All handles of an instance share one, so that they find out together.
 *
 * <p>Safe for use by many threads.
 */
final class MemberWatch {
    private static final String KEY = "expertgrid.member-watch";
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Members answer a probe in less than a millisecond, unless they are silent, or their processors are busy. */
    private static final long SHORTEST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LONGEST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** A member that leaves a probe unanswered for so long, and everything else, is silent. */
    private static final long SILENCE_MILLIS = 300;

    private static final int PATIENCE = 4;
    private static final int SAMPLES = 8;
    /** A member that computes the same task for longer than this may never end it. */
    private static final long LONGEST_TASK_MILLIS = 1_000;

    private final HazelcastInstance hazelcast;
    private final MemberCalls calls;
    /** When each member answered last, as {@link System#nanoTime} counts. */
    private final Map<UUID, Long> heard = new ConcurrentHashMap<>();
    /** When each silent member was last asked whether it is there. */
    private final Map<UUID, Long> silent = new ConcurrentHashMap<>();

    /** The exponential mean of the time that members take to answer a probe. */
    private final AtomicLong probeNanos = new AtomicLong();

    private MemberWatch(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.calls = new MemberCalls(hazelcast);
    }

    /** Returns the one of an instance. */
    static MemberWatch of(HazelcastInstance hazelcast) {
        return (MemberWatch) hazelcast.getUserContext().computeIfAbsent(KEY, key -> new MemberWatch(hazelcast));
    }

    /** Takes note that a member has answered something. */
    void heardFrom(Member member) {
        silent.remove(member.getUuid());
        heardNow(member);
    }

    private void heardNow(Member member) {
        if (heard.put(member.getUuid(), System.nanoTime()) == null) {
            // A new member answered: drop the entries of members that have left.
            Set<UUID> members = hazelcast.getCluster().getMembers().stream()
                    .map(Member::getUuid)
                    .collect(Collectors.toSet());
            heard.keySet().retainAll(members);
            silent.keySet().retainAll(members);
        }
    }

    /** Returns whether a member has answered something since that moment, a {@link System#nanoTime}, or has said that a task is in its queue. */
    boolean hasHeardFrom(Member member, long since) {
        return heard.getOrDefault(member.getUuid(), since) - since > 0;
    }

    /** Takes note that a member did not answer in time, or that its connection is gone. */
    void fellSilent(Member member) {
        silent.putIfAbsent(member.getUuid(), System.nanoTime());
    }

    /** Returns whether a member has not answered since it fell silent; asks it now and then. Does not wait for it. */
    boolean isSilent(Member member) {
        Long asked = silent.get(member.getUuid());
        if (asked == null) {
            return false;
        }
        long now = System.nanoTime();
        if (now - asked > PROBE_NANOS && silent.replace(member.getUuid(), asked, now)) {
            probe(member, 0).thenAccept(reply -> {
                if (!isStuck(reply)) {
                    heardFrom(member);
                }
            });
        }
        return true;
    }

    /** Asks a member where a task stands. Does not wait for it. A member that answers nothing for 300 ms is silent from then on. */
    CompletableFuture<WorkerReply> probe(Member member, long requestId) {
        long start = System.nanoTime();
        CompletableFuture<WorkerReply> reply = calls.question(member, new AskTurn(requestId));
        reply.thenAccept(where -> {
            long nanos = Math.min(System.nanoTime() - start, LONGEST_PATIENCE_NANOS);
            probeNanos.updateAndGet(mean -> mean + (nanos - mean) / SAMPLES);
            if (isInQueue(where)) {
                heardNow(member);
            }
        });
        CompletableFuture.delayedExecutor(SILENCE_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
            if (!reply.isDone() && !hasHeardFrom(member, start)) {
                fellSilent(member);
            }
        });
        return reply;
    }

    /** Returns how long to wait for the answer to a probe before the member counts as silent. */
    long patienceNanos() {
        return Math.max(SHORTEST_PATIENCE_NANOS, Math.min(LONGEST_PATIENCE_NANOS, PATIENCE * probeNanos.get()));
    }

    /** Returns whether a reply to {@link AskTurn} says that the task waits for others, which the member computes. */
    static boolean isInQueue(WorkerReply reply) {
        return reply.report() instanceof Turn turn && turn.waits() && !isStuck(reply);
    }

    /** Returns whether a reply to {@link AskTurn} says that one task has been computed for too long. */
    static boolean isStuck(WorkerReply reply) {
        return reply.report() instanceof Turn turn && turn.computingMillis() > LONGEST_TASK_MILLIS;
    }
}
