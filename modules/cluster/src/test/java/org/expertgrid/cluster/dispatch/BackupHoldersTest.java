package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.StandIn;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.wire.Answers;
import org.expertgrid.cluster.wire.Report.Held;
import org.expertgrid.cluster.wire.WorkerAnswer;
import org.expertgrid.cluster.wire.WorkerReply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BackupHoldersTest {
    private final ShardSet set = new ShardSet(UUID.randomUUID(), List.of(0), 2);
    private final UUID deployment = set.deployment();
    private final Rank rank = set.ranks().get(0);
    private final Map<UUID, Held> answers = new ConcurrentHashMap<>();

    @Test
    void aMemberThatHasWarmedUpIsAheadOfAnOwnerThatHasNot() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            Member owner = cluster.member(0).getCluster().getLocalMember();
            Member holder = cluster.member(1).getCluster().getLocalMember();
            BackupHolders holders = BackupHolders.of(answering(cluster.member(0)));
            answers.put(owner.getUuid(), new Held(false, List.of(0)));
            answers.put(holder.getUuid(), new Held(false, List.of(0)));
            awaitHolders(holders, 2);
            assertThat(holders.isAhead(deployment, rank, owner)).isFalse();

            answers.put(holder.getUuid(), new Held(true, List.of(0)));
            Awaitility.await().until(() -> {
                holders.refresh(deployment);
                return holders.isAhead(deployment, rank, owner);
            });
            assertThat(holders.of(deployment, rank)).containsExactly(holder, owner);

            answers.put(owner.getUuid(), new Held(true, List.of(0)));
            // Asking for the rank has the owner asked again.
            Awaitility.await().until(() -> !holders.isAhead(deployment, rank, owner));
        }
    }

    private void awaitHolders(BackupHolders holders, int count) {
        Awaitility.await().until(() -> {
            holders.refresh(deployment);
            return holders.of(deployment, rank).size() == count;
        });
    }

    /** Returns the same instance, but all members give the answers of this test about what they hold. */
    private HazelcastInstance answering(HazelcastInstance real) {
        IExecutorService control = StandIn.of(IExecutorService.class, (proxy, method, arguments) -> {
            Member asked = (Member) arguments[1];
            WorkerReply reply = WorkerReply.ok(0, answers.get(asked.getUuid()));
            @SuppressWarnings("unchecked")
            ExecutionCallback<WorkerAnswer> callback = (ExecutionCallback<WorkerAnswer>) arguments[2];
            callback.onResponse(Answers.of(reply));
            return null;
        });
        Map<String, Object> context = new ConcurrentHashMap<>();
        return StandIn.of(HazelcastInstance.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getExecutorService" -> {
                assertThat(arguments[0]).isEqualTo(GridNames.CONTROL);
                yield control;
            }
            case "getUserContext" -> context;
            default -> StandIn.ask(real, method, arguments);
        });
    }
}
