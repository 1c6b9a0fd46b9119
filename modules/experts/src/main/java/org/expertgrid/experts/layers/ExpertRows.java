package org.expertgrid.experts.layers;

import java.util.List;
import org.expertgrid.kernels.GatedRows;

/**
 * An expert that rows go to.
 *
 * @param rows the rows of the batch that it takes, with their gates
 * @param parts the parts of its hidden width that are computed here, one for each rank in the order of the ranks; the whole expert alone
 *     where there are no ranks
 */
public record ExpertRows(GatedRows rows, List<PackedExpert> parts) {
    public ExpertRows {
        parts = List.copyOf(parts);
    }
}
