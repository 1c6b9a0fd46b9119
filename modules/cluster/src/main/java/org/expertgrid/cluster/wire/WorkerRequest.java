package org.expertgrid.cluster.wire;

import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/** What a {@link Worker} can be asked to do. */
public sealed interface WorkerRequest {
    /** The ranks it is for; the reply has a status for each. */
    List<Rank> ranks();

    /** Read and pack the ranks' slices of a layer; answers the width of each run of neighbours. */
    record InitializeLayer(LayerId layer, List<Rank> ranks) implements WorkerRequest {}

    /** Read and pack all of a model's slices that are missing to answer for these ranks. */
    record Prepare(UUID deployment, List<Rank> ranks) implements WorkerRequest {}

    /** Multiply {@code x} by the ranks' columns of a layer; answers the products side by side, in the order of the ranks. */
    record ForwardLayer(LayerId layer, List<Rank> ranks, Matrix x) implements WorkerRequest {}

    /**
     * Take {@code x} through the ranks' slices of both layers of every expert; answers the gated sum, which is a share of the
     * result.
     *
     * @param rows the rows of {@code x} that each expert takes, with their gates; one for each expert
     */
    record ForwardExperts(UUID deployment, List<Rank> ranks, Matrix x, List<GatedRows> rows) implements WorkerRequest {}

    /** Forget all slices of a deployment. */
    record Release(UUID deployment) implements WorkerRequest {
        @Override
        public List<Rank> ranks() {
            return List.of();
        }
    }

    /** Forget all slices of a deployment unless they have been asked for lately; answers how many are kept. */
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

    /** Do not begin what has not begun of this caller's request: nobody waits for it any more. */
    record Abandon(long requestId) implements WorkerRequest {
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
