package org.expertgrid.cluster.wire;

import java.util.Collections;
import java.util.List;
import org.expertgrid.cluster.worker.LinearShardWorker;
import org.expertgrid.kernels.Matrix;

/**
 * What a {@link LinearShardWorker} answers. Carries numbers only if every rank is OK.
 *
 * @param statuses one for each rank of the request, in its order
 * @param message what went wrong, or what was asked for in words; may be empty
 * @param numbers what was asked for in whole numbers; may be empty
 * @param result what was computed; null where nothing was
 */
public record WorkerReply(List<RankStatus> statuses, String message, List<Long> numbers, ResultRows result) {
    public WorkerReply {
        statuses = List.copyOf(statuses);
        numbers = List.copyOf(numbers);
    }

    public static WorkerReply ok(int ranks, List<Long> numbers, Matrix result) {
        return new WorkerReply(
                Collections.nCopies(ranks, RankStatus.OK), "", numbers, result == null ? null : ResultRows.of(result));
    }

    public static WorkerReply failed(int ranks, String message) {
        // A request that could not be read has no ranks; one status must still say that it failed.
        return new WorkerReply(Collections.nCopies(Math.max(1, ranks), RankStatus.FAILED), message, List.of(), null);
    }

    public static WorkerReply busy(int ranks, String message) {
        return new WorkerReply(Collections.nCopies(Math.max(1, ranks), RankStatus.BUSY), message, List.of(), null);
    }

    /** Returns the reply of a member on which something has been thrown: memory that is short may not be for long. */
    public static WorkerReply thrown(int ranks, Throwable thrown) {
        return thrown instanceof OutOfMemoryError
                ? busy(ranks, "out of memory: " + thrown.getMessage())
                : failed(ranks, thrown.toString());
    }

    public boolean ok() {
        return statuses.stream().allMatch(status -> status == RankStatus.OK);
    }
}
