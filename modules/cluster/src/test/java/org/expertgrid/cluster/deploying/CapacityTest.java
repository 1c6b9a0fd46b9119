package org.expertgrid.cluster.deploying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import org.expertgrid.cluster.ObservedWeights;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class CapacityTest {
    /** 1.6 TB of weights. */
    private static final MoeShape HUGE = new MoeShape(10, 20_000, 20_000, 500);

    @Test
    void aModelThatMembersHaveNoRoomForIsRefusedBeforeAnyExpertIsAskedFor() {
        MoeWeights weights =
                new ObservedWeights(MoeWeights.random(HUGE, ElementType.FLOAT64, new NamedRandomStates()), expert -> {
                    throw new AssertionError("expert " + expert + " was asked for");
                });
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance client = cluster.connect();
            String first = address(cluster.member(0));
            String second = address(cluster.member(1));
            assertThatThrownBy(() -> TensorParallelMoe.builder(weights).deploy(client, "huge"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith("model 'huge': 15")
                    .hasMessageContainingAll(first, second, " MB (expected: at most ", "would help");
            assertThat(client.getMap(GridNames.MODELS).size()).isZero();
            assertThat(client.getMap(GridNames.ROUTERS).size()).isZero();
            client.shutdown();
        }
    }

    /** Of a model of 3000, a member was to hold 2400, and 3000 after a loss. */
    @Test
    void weightsThatAMemberHoldsAreNotAskedForAgain() {
        Capacity.Part part = new Capacity.Part(3000, 2400, 3000, 0);

        assertThat(part.rest(0.5, 1200)).isEqualTo(1800);
        assertThat(part.rest(0.5, 1400)).as("more backups than estimated").isEqualTo(1600);
        assertThat(part.rest(0.5, 900))
                .as("shards whose backups are on their way")
                .isEqualTo(1800);
        assertThat(part.rest(0.5, 2900))
                .as("another deployment beside this one")
                .isEqualTo(1500);
    }

    private static String address(HazelcastInstance member) {
        var address = member.getCluster().getLocalMember().getAddress();
        return address.getHost() + ":" + address.getPort();
    }
}
