package org.expertgrid.cluster.status;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.cluster.grid.Members;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.SliceShape;
import org.expertgrid.cluster.models.ModelRecord;
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
        List<Long> bytesByRank) {

    public static ModelStatus of(HazelcastInstance hazelcast, String name, ModelRecord record) {
        ModelDefinition model = record.definition();
        Map<String, List<Integer>> ranksByMember = new TreeMap<>();
        List<Long> bytes = new ArrayList<>();
        for (int rank = 0; rank < model.ranks(); rank++) {
            Member owner = hazelcast
                    .getPartitionService()
                    .getPartition(record.shards().placement().get(rank))
                    .getOwner();
            String address = owner == null ? "nobody" : Members.address(owner);
            ranksByMember.computeIfAbsent(address, member -> new ArrayList<>()).add(rank);
            bytes.add(bytesOf(model, rank));
        }
        return new ModelStatus(
                name,
                model.kind().description,
                record.isReady(),
                model.shape(),
                model.elementType(),
                model.topK(),
                model.exchange(),
                model.ranks(),
                ranksByMember,
                bytes);
    }

    private static long bytesOf(ModelDefinition model, int rank) {
        long elements = 0;
        for (MatrixRole matrix : model.kind().matrices()) {
            SliceShape slice = model.slice(matrix, rank);
            elements += (slice.inputs() + 1L) * slice.outputs();
        }
        return elements * model.shape().experts() * model.elementType().bytes();
    }
}
