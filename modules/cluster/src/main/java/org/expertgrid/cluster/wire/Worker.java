package org.expertgrid.cluster.wire;

import com.hazelcast.core.HazelcastInstance;
import java.lang.ref.Cleaner.Cleanable;
import org.expertgrid.cluster.grid.Deadline;

/**
 * The member's side, as callers and envelopes know it. A member that has started has one in its user context.
 *
 * <p>Safe for use by many threads.
 */
public interface Worker {
    /** The key of the worker in Hazelcast's user context. */
    String KEY = "expertgrid.worker";

    /** Returns the worker of a member, or null where it has none: the member is starting or ending, or is not configured. */
    static Worker of(HazelcastInstance member) {
        return (Worker) member.getUserContext().get(KEY);
    }

    /**
     * Admits a task, if there is room for its block; otherwise returns null.
     *
     * @return gives back the place when it is {@linkplain Cleanable#clean cleaned}, or when nothing refers to the task any more:
     *     Hazelcast may drop a task without running it
     */
    Cleanable admit(Object task, int blockBytes);

    /** Returns the encoded reply to an encoded task. Never throws: an error is in the reply. */
    byte[] answer(byte[] task);

    /** Returns the encoded reply to a task that was not admitted. */
    byte[] turnAway();

    /** Returns the reply to a request of a caller on this member. */
    WorkerReply answer(long requestId, WorkerRequest request, Deadline deadline);

    /** Returns whether it has had nothing to do for that long; tasks that wait for a thread count as something to do. */
    boolean isQuietFor(long nanos);
}
