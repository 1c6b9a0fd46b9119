package org.expertgrid.cluster.status;

import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.kernels.WeightFormat;

/**
 * The memory that a model would need on the members of a cluster. A member's bytes are those of the member that would hold the most, and include what tiles
 * take in a heap beside their numbers.
 *
 * @param weights the bytes of all weights, once
 * @param weightsByFormat the same by what the weights are stored as
 * @param member the bytes that a member would hold, backups included
 * @param memberAfterLoss the bytes that it would hold once another member has been lost; 0 where nothing could be taken over
 * @param heap the smallest heap of a member that has room for both, in bytes
 */
public record ModelNeeds(
        long weights, Map<WeightFormat, Long> weightsByFormat, long member, long memberAfterLoss, long heap) {
    public ModelNeeds {
        weightsByFormat = Map.copyOf(new TreeMap<>(weightsByFormat));
    }
}
