package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.ClusterState;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster in a state that an administrator has set. */
@Tag("slow")
class ClusterStateTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT32);
    private static final Matrix ROWS = Models.rows(9, ElementType.FLOAT32);
    private static final CallerOptions PATIENT = CallerOptions.defaults().withDeadline(Duration.ofMinutes(5));

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast) {
        return TensorParallelMoe.builder(WEIGHTS)
                .topK(Models.TOP_K)
                .ranks(9)
                .calling(PATIENT)
                .deploy(hazelcast, "ranker");
    }

    private static HazelcastInstance caller(EmbeddedCluster cluster, boolean member) {
        return member ? cluster.member(0) : cluster.connect();
    }

    /** Hazelcast refuses to change the state while partitions move. */
    private static void change(HazelcastInstance member, ClusterState state) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> {
                    member.getCluster().changeClusterState(state);
                    return true;
                });
    }

    private static void loseAMember(EmbeddedCluster cluster, HazelcastInstance caller) {
        int before = caller.getCluster().getMembers().size();
        cluster.loseMember();
        Awaitility.await().until(() -> caller.getCluster().getMembers().size() == before - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdersOfBackupsAnswerWhileAFrozenClusterLacksAMember(boolean callerIsAMember) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance caller = caller(cluster, callerIsAMember);
            try (TensorParallelMoe moe = deploy(caller)) {
                Matrix expected = moe.forward(ROWS);
                change(cluster.member(0), ClusterState.FROZEN);
                loseAMember(cluster, caller);
                assertThat(moe.forward(ROWS)).isEqualTo(expected);
                assertThat(moe.forward(ROWS)).isEqualTo(expected);
            } finally {
                caller.getLifecycleService().terminate();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFrozenClusterThatLacksAMemberWithoutBackupsIsNamedAtOnce(boolean callerIsAMember) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3, 0, UnaryOperator.identity())) {
            HazelcastInstance caller = caller(cluster, callerIsAMember);
            try (TensorParallelMoe moe = deploy(caller)) {
                moe.forward(ROWS);
                change(cluster.member(0), ClusterState.FROZEN);
                loseAMember(cluster, caller);
                assertThatThrownBy(() -> moe.forward(ROWS))
                        .isInstanceOf(ForwardFailedException.class)
                        .hasMessageContaining("the cluster's state FROZEN keeps them from another one");
            } finally {
                caller.getLifecycleService().terminate();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPassiveClusterIsNamedAtOnceAndAnswersWhenItIsActiveAgain(boolean callerIsAMember) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance caller = caller(cluster, callerIsAMember);
            try (TensorParallelMoe moe = deploy(caller)) {
                Matrix expected = moe.forward(ROWS);
                change(cluster.member(1), ClusterState.PASSIVE);
                assertThatThrownBy(() -> moe.forward(ROWS))
                        .isInstanceOf(ForwardFailedException.class)
                        .hasMessageEndingWith("the cluster's state is PASSIVE (expected: ACTIVE;"
                                + " Cluster.changeClusterState sets it)");
                change(cluster.member(1), ClusterState.ACTIVE);
                assertThat(moe.forward(ROWS)).isEqualTo(expected);
            } finally {
                caller.getLifecycleService().terminate();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = ClusterState.class, names = "IN_TRANSITION", mode = EnumSource.Mode.EXCLUDE)
    void everyStateCanBeSetThroughTheFilterOfDeserialisation(ClusterState state) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            change(cluster.member(0), state);
            assertThat(cluster.member(1).getCluster().getClusterState()).isEqualTo(state);
        }
    }

    @Test
    void aMemberShutsDownTheWholeClusterThroughTheFilterOfDeserialisation() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            cluster.member(0).getCluster().shutdown();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> cluster.members().stream()
                            .noneMatch(member -> member.getLifecycleService().isRunning()));
        }
    }
}
