package org.expertgrid.cluster.worker;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.worker.TileReader.Outcome;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightTile;

/**
 * The weights of one task: first all slices that it needs are named, then their tiles are found together. While the task has this, its
 * tiles stay in memory wherever their records go.
 *
 * <p>For one thread.
 */
final class TaskWeights {
    private final TileReader tiles;
    private final Deployed deployed;
    private final List<Slice> slices = new ArrayList<>();
    private final List<ShardKey> unknown = new ArrayList<>();

    TaskWeights(TileReader tiles, Deployed deployed) {
        this.tiles = tiles;
        this.deployed = deployed;
    }

    /** One rank's part of one matrix. */
    final class Slice {
        private final List<ShardKey> keys = new ArrayList<>();
        private final List<WeightTile> found = new ArrayList<>();

        private Slice(LayerDefinition layer, int expert, MatrixRole matrix, Rank rank) {
            ModelDefinition model = deployed.definition();
            MatrixId id = new MatrixId(deployed.set().deployment(), layer.index(), expert, matrix);
            int count = model.tiles(layer, expert, matrix, rank.number());
            for (int tile = 0; tile < count; tile++) {
                keys.add(id.key(rank, tile));
            }
            look();
        }

        private boolean look() {
            found.clear();
            boolean complete = true;
            for (ShardKey key : keys) {
                WeightTile tile = tiles.held(key);
                found.add(tile);
                complete &= tile != null;
            }
            return complete;
        }

        /** Returns the slice, whose tiles have been found. */
        PackedWeights packed() {
            return PackedWeights.of(found);
        }
    }

    /** Names a slice that the task needs. */
    Slice need(LayerDefinition layer, int expert, MatrixRole matrix, Rank rank) {
        Slice slice = new Slice(layer, expert, matrix, rank);
        slices.add(slice);
        for (int tile = 0; tile < slice.keys.size(); tile++) {
            if (slice.found.get(tile) == null) {
                unknown.add(slice.keys.get(tile));
            }
        }
        return slice;
    }

    /** Finds all tiles of all slices, or says why they cannot all be had. */
    Outcome find(Deadline deadline) {
        return find(false, deadline);
    }

    /** Finds tiles that have just been written, here and where their backups are. */
    Outcome findWritten(Deadline deadline) {
        return find(true, deadline);
    }

    private Outcome find(boolean written, Deadline deadline) {
        if (unknown.isEmpty()) {
            return Outcome.OK;
        }
        Outcome read = tiles.read(deployed, unknown, written, deadline);
        if (read.status() != RankStatus.OK) {
            return read;
        }
        boolean complete = true;
        for (Slice slice : slices) {
            complete &= !slice.found.contains(null) || slice.look();
        }
        return complete ? Outcome.OK : Outcome.of(RankStatus.MOVED);
    }
}
