package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.Rank;

/** The reasons, in words, why a dispatch has no answer so far, and the wait before the next attempt. For one thread. */
final class Trouble {
    private static final long FIRST_PAUSE_MILLIS = 10;
    /** Longest pause between retries. A lost member is replaced within a second, so longer pauses would only add delay. */
    private static final long LONGEST_PAUSE_MILLIS = 80;
    /** Longer pauses when a member is overloaded, because every retry is extra load for it. */
    private static final long LONGEST_PAUSE_OF_OVERLOAD_MILLIS = 500;

    private final Dispatcher dispatcher;
    private final Deadline deadline;
    private ForwardFailedException latest;
    private String latestReason = "";
    /** The last reason that differs from the latest one. The last attempt often has too little time, which hides the true reason. */
    private String earlierReason = "";

    private int attempts;

    Trouble(Dispatcher dispatcher, Deadline deadline) {
        this.dispatcher = dispatcher;
        this.deadline = deadline;
    }

    void newAttempt() {
        attempts++;
    }

    /** Returns what went wrong with which ranks, on which member; null where none was asked. */
    ForwardFailedException failure(List<Rank> ranks, Member member, String what, Throwable cause) {
        return new ForwardFailedException(message(ranks, member, what), cause);
    }

    String message(List<Rank> ranks, Member member, String what) {
        return dispatcher.message(ranks.stream().map(Rank::number).toList(), member, what);
    }

    /** Takes note of a fault after which asking again may help. */
    void mayPass(List<Rank> ranks, Member member, String what, Throwable cause) {
        take(failure(ranks, member, what, cause), what);
    }

    private void take(ForwardFailedException failure, String reason) {
        latest = failure;
        if (!reason.equals(latestReason)) {
            earlierReason = latestReason;
            latestReason = reason;
        }
    }

    /** Takes note that a member that answers for ranks has no room for them. */
    void noRoom(List<Rank> ranks, Member member, String why, Throwable cause) {
        take(new OverloadedException(message(ranks, member, "no room: " + why), cause), "no room: " + why);
    }

    /**
     * Returns the exception to throw when a call has had no answer until the deadline. The member is overloaded if it has answered others meanwhile,
     * or if the call was sent with less time left than the member takes for its tasks.
     */
    ForwardFailedException timedOut(Call call) {
        boolean overloaded = latest instanceof OverloadedException
                || dispatcher.watch().hasHeardFrom(call.member(), call.since())
                || wasSentLate(call);
        if (overloaded) {
            String reason = "no time for it";
            take(new OverloadedException(message(call.ranks(), call.member(), reason), null), reason);
        } else {
            mayPass(call.ranks(), call.member(), "no answer within the deadline", null);
        }
        return givenUp();
    }

    private boolean wasSentLate(Call call) {
        return deadline.nanoTime() - call.since()
                < dispatcher.pace().lateNanos(call.member().getUuid(), call.work());
    }

    /** Returns the exception to throw for a member's error: what kept the caller waiting until then, if no time was left to ask again. */
    ForwardFailedException failed(List<Rank> ranks, Member member, String what) {
        return latest != null && deadline.millisLeft() == 0 ? givenUp() : failure(ranks, member, what, null);
    }

    /** Throws where ranks have no owner and will have none, because the cluster's state forbids it. */
    void refuseFrozen(List<Rank> unowned) {
        String state = unowned.isEmpty() ? "" : dispatcher.clusterState();
        if (state.equals("FROZEN") || state.equals("PASSIVE")) {
            String what = "no member owns their partitions, and the cluster's state " + state
                    + " keeps them from another one (expected: ACTIVE; Cluster.changeClusterState sets it)";
            throw failure(unowned, null, what, null);
        }
    }

    /** Returns the exception to throw where the caller was interrupted, and interrupts its thread again. */
    ForwardFailedException interrupted(List<Rank> ranks, Member member, InterruptedException e) {
        Thread.currentThread().interrupt();
        return failure(ranks, member, "the caller was interrupted", e);
    }

    /** Waits before the next attempt; throws if the deadline leaves no time for one, or the caller is interrupted. */
    void pause(List<Integer> open) {
        long longest = latest instanceof OverloadedException ? LONGEST_PAUSE_OF_OVERLOAD_MILLIS : LONGEST_PAUSE_MILLIS;
        long pause = Math.min(longest, FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 10));
        long jittered = ThreadLocalRandom.current().nextLong(pause / 2, pause + pause / 2);
        if (deadline.millisLeft() <= jittered) {
            throw givenUp();
        }
        try {
            TimeUnit.MILLISECONDS.sleep(jittered);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ForwardFailedException(dispatcher.message(open, null, "the caller was interrupted"), e);
        }
    }

    private ForwardFailedException givenUp() {
        String earlier = earlierReason.isEmpty() ? "" : "; before that: " + earlierReason;
        String message = latest.getMessage() + earlier + " (asked " + attempts + " times before the deadline)";
        return latest instanceof OverloadedException
                ? new OverloadedException(
                        message + "; expected: fewer rows at a time, a longer deadline, or more members",
                        latest.getCause())
                : new ForwardFailedException(message, latest.getCause());
    }
}
