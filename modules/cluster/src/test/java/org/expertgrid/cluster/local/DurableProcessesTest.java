package org.expertgrid.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real member processes with a store: killed all at once, and on a disk that is full. */
@Tag("slow")
class DurableProcessesTest {
    /** Of which a record takes less, and a shard more, than {@link #ROOM}. */
    private static final MoeShape SHAPE = new MoeShape(64, 64, 64, 4);

    private static final long ROOM = 5_000;

    private static final MoeWeights WEIGHTS = Models.weights(SHAPE, ElementType.FLOAT64);
    private static final Matrix X = Models.rows(30, SHAPE.inputDim(), ElementType.FLOAT64);
    private static final Matrix EXPECTED = Models.expected(WEIGHTS, Models.TOP_K, X);

    @TempDir
    private Path directory;

    @Test
    void aClusterKilledWholeUnderLoadServesTheSameBitsAgain() throws InterruptedException {
        CompletableFuture<Void> load;
        try (LocalCluster cluster = start(2)) {
            HazelcastInstance client = cluster.connect();
            TensorParallelMoe moe = deploy(client, "ranker");
            CountDownLatch forwards = new CountDownLatch(20);
            load = CompletableFuture.runAsync(
                    () -> {
                        while (true) {
                            assertThat(moe.forward(X)).isEqualTo(EXPECTED);
                            forwards.countDown();
                        }
                    },
                    task -> new Thread(task).start());
            forwards.await();
            cluster.members().forEach(MemberProcess::destroy);
            client.shutdown();
        }
        assertThatThrownBy(load::join).cause().isNotInstanceOf(AssertionError.class);
        try (LocalCluster cluster = start(1)) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = TensorParallelMoe.connect(client, "ranker")) {
                assertThat(moe.forward(X)).isEqualTo(EXPECTED);
            } finally {
                client.shutdown();
            }
        }
    }

    /** What a process may write to a file is a limit that the system sets, as a full disk's is, in the middle of a file. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskFailsTheDeploymentAndNotTheCluster() {
        try (LocalCluster cluster = start(1)) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe there = deploy(client, "there")) {
                List<Path> before = files();
                cluster.members().forEach(member -> limitFiles(member, Long.toString(ROOM)));

                assertThatThrownBy(() -> deploy(client, "refused"))
                        .isInstanceOf(ExpertgridException.class)
                        .hasMessageContainingAll(
                                "the grid refused a shard", ".shard: cannot be written", "File too large");
                assertThatThrownBy(() -> TensorParallelMoe.connect(client, "refused"))
                        .isInstanceOf(ModelNotFoundException.class);
                assertThat(files()).isEqualTo(before);
                assertThat(there.forward(X)).isEqualTo(EXPECTED);

                cluster.members().forEach(member -> limitFiles(member, "unlimited"));
                try (TensorParallelMoe now = deploy(client, "refused")) {
                    assertThat(now.forward(X)).isEqualTo(EXPECTED);
                }
            } finally {
                client.shutdown();
            }
        }
    }

    private LocalCluster start(int members) {
        return LocalCluster.start(
                LocalCluster.Options.of(members, directory.resolve("logs")).storingIn(store()));
    }

    private Path store() {
        return directory.resolve("store");
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast, String name) {
        return TensorParallelMoe.builder(WEIGHTS)
                .topK(Models.TOP_K)
                .exchange(Exchange.CONCAT)
                .deploy(hazelcast, name);
    }

    private static void limitFiles(MemberProcess member, String bytes) {
        try {
            Process command = new ProcessBuilder(
                            "prlimit", "--pid", Long.toString(member.pid()), "--fsize=" + bytes + ":")
                    .inheritIO()
                    .start();
            assertThat(command.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(command.exitValue()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("this test is not interrupted", e);
        }
    }

    private List<Path> files() {
        try (Stream<Path> paths = Files.walk(store())) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
