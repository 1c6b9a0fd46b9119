package org.expertgrid.cluster.status;

import java.util.List;
import java.util.Map;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;

/**
 * One model of a cluster.
 *
 * @param name its name
 * @param description what it is
 * @param ready whether it can be connected to; otherwise its deployment has not ended, or ended half-way
 * @param shape its sizes
 * @param elementType what its matrices hold
 * @param topK how many experts a row goes to
 * @param exchange how its experts are cut
 * @param ranks how many ranks it has
 * @param ranksByMember the ranks that each member owns at the moment, by the member's address
 * @param bytesByRank the weights that each rank holds, biases included, in bytes, backups not counted
 */
public record ModelStatus(
        String name,
        String description,
        boolean ready,
        MoeShape shape,
        ElementType elementType,
        int topK,
        Exchange exchange,
        int ranks,
        Map<String, List<Integer>> ranksByMember,
        List<Long> bytesByRank) {}
