package org.expertgrid.cluster.wire;

import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.layout.ExpertRange;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/** A request to a {@link Worker}. */
public sealed interface WorkerRequest {
    /** The ranks it is for; the reply has a status for each. */
    List<Rank> ranks();

    /** Returns how many rows it has computed for each rank; 0 for a request that computes nothing. */
    default int rowsToCompute() {
        return 0;
    }

    /**
     * Check that the ranks' slices of experts are there; answers the width of each slice, rank by rank of one matrix after another of each
     * expert.
     */
    record InitializeLayer(UUID deployment, int layer, ExpertRange experts, List<Rank> ranks)
            implements WorkerRequest {}

    /** Multiply {@code x} by the ranks' columns of a matrix; answers the products side by side, in the order of the ranks. */
    record ForwardLayer(MatrixId matrix, List<Rank> ranks, Matrix x) implements WorkerRequest {
        @Override
        public int rowsToCompute() {
            return x.rows();
        }
    }

    /**
     * Take {@code x} through the ranks' slices of experts of a layer. Answers the gated sum of the ranks' shares for each of the largest
     * {@linkplain org.expertgrid.experts.ranks.RankTree#cover subtrees} that the ranks make up, one below the other.
     *
     * @param rows the experts that rows go to, in ascending order
     */
    record ForwardExperts(UUID deployment, int layer, List<Rank> ranks, Matrix x, List<RowsOfExpert> rows)
            implements WorkerRequest {
        @Override
        public int rowsToCompute() {
            return x.rows();
        }
    }

    /**
     * The rows that one expert takes.
     *
     * @param expert the expert's number
     * @param rows the rows of the batch, with their gates; at least one
     */
    record RowsOfExpert(int expert, GatedRows rows) {}

    /** Forget the tiles of a deployment. */
    record Release(UUID deployment) implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Answers whether the deployment has been asked for lately; forgets its tiles if not. */
    record Retire(UUID deployment) implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Answers which ranks of all deployments the member has all weights of, and how its partitions are. */
    record Examine() implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Do not begin tasks of this request that have not begun; its caller has given it up. */
    record Abandon(long requestId) implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Answers whether a task of this request waits for its turn. */
    record AskTurn(long requestId) implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Answers of which ranks of a deployment the member has all tiles in memory, as the owner or as a holder of backups. */
    record AskHeld(UUID deployment) implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Answers the state of the cluster, which Hazelcast does not tell clients. */
    record AskState() implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Answers how much room is left for weights; collects garbage first where that may make room for so many bytes. */
    record AskRoom(long bytes) implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Tell what you are and what you hold. */
    record Describe() implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }
}
