package org.expertgrid.cluster.deploying;

import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.status.ModelNeeds;
import org.expertgrid.cluster.worker.HeapRoom;

/** Computes what a model would need of members that are not there, as {@link Capacity} does for members that are. */
public final class Needs {
    /** The regions of members' heaps, as the command line starts members. */
    private static final int REGION_BYTES = 8 << 20;

    private Needs() {}

    /** Returns the needs of a model on members that share its ranks as evenly as they can be shared. */
    public static ModelNeeds of(ModelDefinition model, int members, int backups) {
        long rank = model.heapBytes(0, REGION_BYTES);
        long all = rank * model.ranks();
        int ranks = (model.ranks() + members - 1) / members;
        long member = Capacity.held(rank * ranks, rank, all, backups, members);
        long afterLoss = Capacity.afterLoss(rank, all, backups, members);
        return new ModelNeeds(
                model.bytes(), model.bytesByFormat(), member, afterLoss, HeapRoom.heapFor(Math.max(member, afterLoss)));
    }
}
