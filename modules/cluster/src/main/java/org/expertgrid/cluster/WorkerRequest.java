package org.expertgrid.cluster;

import java.util.List;
import java.util.UUID;
import org.expertgrid.kernels.Matrix;

/** What a {@link LinearShardWorker} can be asked to do. */
sealed interface WorkerRequest {
    /** The ranks it is for; the reply has a status for each. */
    List<Rank> ranks();

    /**
     * A rank and where it lives.
     *
     * @param number the rank
     * @param partitionKey its partition key
     */
    record Rank(int number, int partitionKey) {}

    /** One linear layer of one expert. */
    record LayerId(UUID deployment, int expert, MatrixRole matrix) {
        ShardKey key(Rank rank, int tile) {
            return new ShardKey(deployment, expert, matrix, rank.number(), tile, rank.partitionKey());
        }
    }

    /** Read and pack the ranks' slices of a layer; answers their widths. */
    record InitializeLayer(LayerId layer, List<Rank> ranks) implements WorkerRequest {}

    /** Multiply {@code x} by the ranks' slices of a layer; answers the products side by side, in the order of the ranks. */
    record ForwardLayer(LayerId layer, List<Rank> ranks, Matrix x) implements WorkerRequest {}

    /** Forget all slices of a deployment. */
    record Release(UUID deployment) implements WorkerRequest {
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
