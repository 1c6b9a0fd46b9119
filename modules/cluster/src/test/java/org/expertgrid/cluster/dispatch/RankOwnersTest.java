package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RankOwnersTest {
    @Test
    void theHolderOfABackupIsAskedForARankThatItsOwnerRefused() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance caller = cluster.member(0);
            try (TensorParallelMoe moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT32))
                    .topK(Models.TOP_K)
                    .ranks(4)
                    .deploy(caller, "ranker")) {
                moe.forward(Models.rows(4, ElementType.FLOAT32));
                ShardSet set = ((ModelRecord) caller.getMap(GridNames.MODELS).get("ranker")).shards();
                RankOwners owners = new RankOwners(caller);
                Rank rank = set.ranks().get(0);
                Member owner = memberFor(owners, set, rank, Map.of());
                Map<Integer, Member> refusedBy = new HashMap<>();
                refusedBy.put(rank.number(), owner);
                // Members are asked which ranks they hold, and nothing waits for their answers.
                Awaitility.await()
                        .until(() -> !memberFor(owners, set, rank, refusedBy).equals(owner));
                assertThat(memberFor(owners, set, rank, Map.of())).isEqualTo(owner);
            }
        }
    }

    private static Member memberFor(RankOwners owners, ShardSet set, Rank rank, Map<Integer, Member> refusedBy) {
        Map<Member, List<Rank>> assigned =
                owners.assignToThoseThatAnswer(set.deployment(), List.of(rank), refusedBy, unowned -> {});
        assertThat(assigned).hasSize(1);
        return assigned.keySet().iterator().next();
    }
}
