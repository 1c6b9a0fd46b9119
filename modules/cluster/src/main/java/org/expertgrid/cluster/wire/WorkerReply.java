package org.expertgrid.cluster.wire;

import java.util.Collections;
import java.util.List;
import org.expertgrid.kernels.Matrix;

/**
 * The reply of a {@link Worker}. It has a report or a result only if every rank is OK.
 *
 * @param statuses one for each rank of the request, in its order
 * @param message what went wrong; may be empty
 * @param report the answer to a question, null where none was asked
 * @param result the rows that were computed, null where none were
 */
public record WorkerReply(List<RankStatus> statuses, String message, Report report, ResultRows result) {
    public WorkerReply {
        statuses = List.copyOf(statuses);
    }

    /** Returns the reply to a request that has been done and asks for nothing else. */
    public static WorkerReply ok(int ranks) {
        return ok(ranks, (Report) null);
    }

    public static WorkerReply ok(int ranks, Report report) {
        return new WorkerReply(Collections.nCopies(ranks, RankStatus.OK), "", report, null);
    }

    public static WorkerReply ok(int ranks, Matrix result) {
        return new WorkerReply(Collections.nCopies(ranks, RankStatus.OK), "", null, ResultRows.of(result));
    }

    /** Returns the reply in which all ranks share a status that is not OK. */
    public static WorkerReply of(RankStatus status, int ranks, String message) {
        // A request that could not be read has no ranks, and its reply must still say that it failed.
        return new WorkerReply(Collections.nCopies(Math.max(1, ranks), status), message, null, null);
    }

    public static WorkerReply failed(int ranks, String message) {
        return of(RankStatus.FAILED, ranks, message);
    }

    public static WorkerReply busy(int ranks, String message) {
        return of(RankStatus.BUSY, ranks, message);
    }

    /** Returns the reply of a member on which something has been thrown: BUSY for a lack of memory, which may pass. */
    public static WorkerReply thrown(int ranks, Throwable thrown) {
        return thrown instanceof OutOfMemoryError
                ? busy(ranks, "out of memory: " + thrown.getMessage())
                : failed(ranks, thrown.toString());
    }

    public boolean ok() {
        return statuses.stream().allMatch(status -> status == RankStatus.OK);
    }

    /**
     * Returns the report of a kind.
     *
     * @throws IllegalStateException if the reply has none of that kind
     */
    public <R extends Report> R report(Class<R> kind) {
        if (!kind.isInstance(report)) {
            throw new IllegalStateException("reply: " + report + " (expected: a " + kind.getSimpleName() + ")");
        }
        return kind.cast(report);
    }
}
