package org.expertgrid.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.expertgrid.cluster.LiveHeap;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.ObservedWeights;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Member processes whose heaps are nearly full of weights. A heap of 128 MB has room for 64 MB of them, one of 256 MB for 176 MB. */
@Tag("slow")
class FullHeapsTest {
    private static final int RANKS = 8;
    private static final Matrix X = Models.rows(9, 512, ElementType.FLOAT32);

    @TempDir
    private Path directory;

    @Test
    @Tag("nightly")
    void aModelIsRefusedThatWouldNotFitBesideAnotherOneAfterALoss() throws IOException {
        MoeWeights first = weights(12);
        try (LocalCluster cluster = start(3, "128m")) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = deploy(client, "first", first)) {
                assertThatThrownBy(() -> deploy(client, "second", weights(7)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageStartingWith("model 'second': 29 MB of weights")
                        .hasMessageContaining("(expected: at most ");
                cluster.members().get(0).kill();
                assertThat(moe.forward(X)).isEqualTo(Models.expected(first, 1, RANKS, X));
                expectRunning(cluster.members().subList(1, 3));
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    @Tag("nightly")
    void ofTwoDeploymentsAtOnceThatDoNotFitTogetherOneIsRefused() throws IOException {
        MoeWeights weights = weights(11);
        try (LocalCluster cluster = start(2, "128m")) {
            HazelcastInstance client = cluster.connect();
            try {
                for (int again = 0; again < 3; again++) {
                    List<CompletableFuture<TensorParallelMoe>> deployments = Stream.of("first", "second")
                            .map(name -> CompletableFuture.supplyAsync(() -> deploy(client, name, weights)))
                            .toList();
                    List<TensorParallelMoe> deployed = new ArrayList<>();
                    for (CompletableFuture<TensorParallelMoe> deployment : deployments) {
                        try {
                            deployed.add(deployment.join());
                        } catch (CompletionException failed) {
                            assertThat(failed).hasCauseInstanceOf(RefusedException.class);
                        }
                    }
                    assertThat(deployed).hasSize(1);
                    assertThat(deployed.get(0).forward(X)).isEqualTo(Models.expected(weights, 1, RANKS, X));
                    deployed.get(0).undeploy();
                }
                expectRunning(cluster.members());
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    @Tag("nightly")
    void deploymentsThatFailOrAreKilledHalfWayLeaveTheHeapsAsTheyWere() throws Exception {
        MoeWeights weights = weights(12);
        try (LocalCluster cluster = start(2, "128m")) {
            HazelcastInstance client = cluster.connect();
            try {
                deploy(client, "ranker", weights).undeploy();
                List<Long> before = liveHeaps(cluster);
                for (int again = 0; again < 10; again++) {
                    assertThatThrownBy(() -> deploy(client, "ranker", endingAt(8, weights, () -> {
                                throw new IllegalStateException("expert 8 cannot be read");
                            })))
                            .hasMessage("expert 8 cannot be read");
                }
                HazelcastInstance killed = cluster.connect();
                assertThatThrownBy(() ->
                                deploy(killed, "ranker", endingAt(8, weights, killed.getLifecycleService()::terminate)))
                        .isInstanceOf(RuntimeException.class);
                try (TensorParallelMoe moe = deploy(client, "ranker", weights)) {
                    assertThat(moe.forward(X)).isEqualTo(Models.expected(weights, 1, RANKS, X));
                    moe.undeploy();
                }
                assertThat(client.getMap(GridNames.SHARDS).size()).isZero();
                List<Long> after = liveHeaps(cluster);
                System.out.println("live heaps before " + before + ", after " + after);
                for (int i = 0; i < before.size(); i++) {
                    assertThat(after.get(i) - before.get(i)).isLessThan(4 << 20);
                }
                expectRunning(cluster.members());
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    @Tag("nightly")
    void membersOfUnequalHeapsHoldWhatFitsAlsoAfterTheLargestHasLeft() throws IOException {
        MoeWeights weights = weights(14);
        try (LocalCluster cluster = start(1, "512m")) {
            cluster.add(options(1, "256m"));
            cluster.add(options(1, "128m"));
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = deploy(client, "ranker", weights)) {
                Matrix expected = Models.expected(weights, 1, RANKS, X);
                assertThat(moe.forward(X)).isEqualTo(expected);
                assertThat(moe.status().ranksByMember().values())
                        .extracting(List::size)
                        .containsExactlyInAnyOrder(5, 2, 1);
                assertThat(moe.rebalance()).isFalse();
                cluster.members().get(0).kill();
                assertThat(moe.forward(X)).isEqualTo(expected);
                expectRunning(cluster.members().subList(1, 3));
            } finally {
                client.shutdown();
            }
        }
    }

    private LocalCluster start(int members, String heap) {
        return LocalCluster.start(options(members, heap));
    }

    private LocalCluster.Options options(int members, String heap) {
        return new LocalCluster.Options(members, heap, directory, 0, true, 180);
    }

    /** Returns experts of 4 MB each. */
    private static MoeWeights weights(int experts) {
        return Models.weights(new MoeShape(512, 1024, 512, experts), ElementType.FLOAT32);
    }

    private static TensorParallelMoe deploy(HazelcastInstance client, String name, MoeWeights weights) {
        return TensorParallelMoe.builder(weights).ranks(RANKS).deploy(client, name);
    }

    private static MoeWeights endingAt(int expert, MoeWeights weights, Runnable end) {
        return new ObservedWeights(weights, asked -> {
            if (asked == expert) {
                end.run();
            }
        });
    }

    private static List<Long> liveHeaps(LocalCluster cluster) throws IOException, InterruptedException {
        List<Long> bytes = new ArrayList<>();
        for (MemberProcess member : cluster.members()) {
            bytes.add(LiveHeap.bytes(member.pid()));
        }
        return bytes;
    }

    private static void expectRunning(List<MemberProcess> members) throws IOException {
        for (MemberProcess member : members) {
            assertThat(member.isAlive()).isTrue();
            assertThat(Files.readString(member.log())).doesNotContain("OutOfMemoryError");
        }
    }
}
