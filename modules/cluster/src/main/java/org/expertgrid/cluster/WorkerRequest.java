package org.expertgrid.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.expertgrid.kernels.GatedRows;
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
    record Rank(int number, int partitionKey) {
        /** Returns the ranks as runs of neighbours, each as long as it can be. */
        static List<List<Rank>> runs(List<Rank> ranks) {
            List<List<Rank>> runs = new ArrayList<>();
            int start = 0;
            for (int i = 1; i <= ranks.size(); i++) {
                if (i == ranks.size()
                        || ranks.get(i).number() != ranks.get(i - 1).number() + 1) {
                    runs.add(List.copyOf(ranks.subList(start, i)));
                    start = i;
                }
            }
            return runs;
        }
    }

    /**
     * One linear layer of one expert.
     *
     * @param cut how it is divided over the ranks
     */
    record LayerId(UUID deployment, int expert, MatrixRole matrix, Cut cut) {
        ShardKey key(Rank rank, int tile) {
            return new ShardKey(deployment, expert, matrix, rank.number(), tile, rank.partitionKey());
        }
    }

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

    /** Tell which of a deployment's ranks you have all weights of, and how your partitions are. */
    record Examine(UUID deployment) implements WorkerRequest {
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
