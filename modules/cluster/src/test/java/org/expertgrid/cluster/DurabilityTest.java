package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.errors.NotConfiguredException;
import org.expertgrid.cluster.errors.StoreException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that end and begin again with the same store. */
@Tag("slow")
class DurabilityTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT64);
    private static final Matrix X = Models.rows(21, ElementType.FLOAT64);
    private static final Matrix EXPECTED = Models.expected(WEIGHTS, Models.TOP_K, X);

    @TempDir
    private Path store;

    @Test
    void aClusterThatEndedServesAgainWithAnyNumberOfMembers() {
        Matrix reduced;
        try (EmbeddedCluster cluster = start(3);
                TensorParallelMoe concat = deploy(Exchange.CONCAT, cluster.member(0), "olmoe/0");
                TensorParallelMoe reduce = deploy(Exchange.REDUCE, cluster.member(1), "olmoe/1")) {
            assertThat(concat.forward(X)).isEqualTo(EXPECTED);
            reduced = reduce.forward(X);
        }
        for (int members : List.of(1, 2)) {
            try (EmbeddedCluster cluster = start(members)) {
                // Before anybody asks for one of them by name.
                assertThat(Connection.of(cluster.member(0)).status().models())
                        .extracting(ModelStatus::name)
                        .containsExactly("olmoe/0", "olmoe/1");
                try (TensorParallelMoe concat = TensorParallelMoe.connect(cluster.member(0), "olmoe/0");
                        TensorParallelMoe reduce = TensorParallelMoe.connect(cluster.member(0), "olmoe/1")) {
                    assertThat(concat.forward(X)).isEqualTo(EXPECTED);
                    assertClose(reduce.forward(X), reduced);
                }
            }
        }
    }

    @Test
    void membersOfWhichSomeHaveNoStoreAreRefused() {
        AtomicInteger started = new AtomicInteger();
        UnaryOperator<Config> onlyTheFirst =
                config -> started.getAndIncrement() == 0 ? ExpertgridConfig.storeIn(config, store) : config;
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2, onlyTheFirst)) {
            assertThatThrownBy(() -> deploy(Exchange.CONCAT, cluster.member(0), "half-kept"))
                    .isInstanceOf(NotConfiguredException.class)
                    .hasMessageContaining("configuration of "
                            + DataMembers.address(cluster.member(1).getCluster().getLocalMember()) + " has no store");
            assertThat(cluster.member(0).getMap(GridNames.MODELS).size()).isZero();
        }
    }

    @Test
    void anUndeployedModelStaysRemovedAndItsFilesAreDeleted() {
        try (EmbeddedCluster cluster = start(2)) {
            deploy(Exchange.REDUCE, cluster.member(0), "one").close();
            assertThat(files("models")).hasSize(1);
            assertThat(files("shards")).hasSize(5 * 2 * 4);
        }
        try (EmbeddedCluster cluster = start(2)) {
            TensorParallelMoe.undeploy(cluster.member(1), "one");
            assertNothingIsStored();
        }
        try (EmbeddedCluster cluster = start(1)) {
            assertThatThrownBy(() -> TensorParallelMoe.connect(cluster.member(0), "one"))
                    .isInstanceOf(ModelNotFoundException.class);
        }
    }

    @Test
    void aPartitionLostWithoutBackupComesBackFromTheStore() {
        UnaryOperator<Config> withoutBackup = config -> {
            ExpertgridConfig.storeIn(config, store)
                    .getMapConfig(GridNames.SHARDS)
                    .setBackupCount(0);
            return config;
        };
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3, withoutBackup);
                TensorParallelMoe moe = deploy(Exchange.CONCAT, cluster.member(0), "ranker")) {
            assertThat(moe.forward(X)).isEqualTo(EXPECTED);
            cluster.member(2).getLifecycleService().terminate();
            assertThat(moe.forward(X)).isEqualTo(EXPECTED);
            assertThat(moe.status().ranksByMember()).hasSize(2);
        }
    }

    @Test
    void aClusterKilledWhileItDeploysServesTheOtherModelAndFreesTheName() throws InterruptedException {
        CountDownLatch halfWay = new CountDownLatch(1);
        CompletableFuture<Void> dead = new CompletableFuture<>();
        CompletableFuture<?> deployment;
        try (EmbeddedCluster cluster = start(3)) {
            deploy(Exchange.CONCAT, cluster.member(0), "there").close();
            HazelcastInstance client = cluster.connect();
            deployment = CompletableFuture.runAsync(
                    () -> TensorParallelMoe.builder(WEIGHTS)
                            .progress(part -> {
                                halfWay.countDown();
                                dead.join();
                            })
                            .deploy(client, "half"),
                    task -> new Thread(task).start());
            halfWay.await();
            cluster.members().forEach(member -> member.getLifecycleService().terminate());
            client.shutdown();
            dead.complete(null);
        }
        assertThatThrownBy(deployment::join).isInstanceOf(CompletionException.class);
        try (EmbeddedCluster cluster = start(2)) {
            HazelcastInstance member = cluster.member(0);
            try (TensorParallelMoe moe = TensorParallelMoe.connect(member, "there")) {
                assertThat(moe.forward(X)).isEqualTo(EXPECTED);
                assertThatThrownBy(() -> TensorParallelMoe.connect(member, "half"))
                        .isInstanceOf(ModelNotReadyException.class);
                TensorParallelMoe.undeploy(member, "half");
                deploy(Exchange.CONCAT, member, "half").undeploy();
                moe.undeploy();
            }
            assertNothingIsStored();
        }
    }

    @Test
    void damagedShardsAreNamedToCallersAndAtMostOnceByEachMemberInTheLogAndOtherModelsServe() throws IOException {
        Path changed;
        Path truncated;
        try (EmbeddedCluster cluster = start(2)) {
            deploy(Exchange.CONCAT, cluster.member(0), "changed").close();
            changed = files("shards").get(7);
            deploy(Exchange.REDUCE, cluster.member(0), "good").close();
            List<Path> before = files("shards");
            deploy(Exchange.REDUCE, cluster.member(0), "truncated").close();
            truncated = files("shards").stream()
                    .filter(file -> !before.contains(file))
                    .toList()
                    .get(9);
        }
        byte[] bytes = Files.readAllBytes(changed);
        bytes[40] ^= 1;
        Files.write(changed, bytes);
        Files.write(truncated, Arrays.copyOf(Files.readAllBytes(truncated), 300));
        try (LogLines log = LogLines.capture();
                EmbeddedCluster cluster = start(2)) {
            HazelcastInstance client = cluster.connect();
            for (HazelcastInstance caller : List.of(client, cluster.member(0), cluster.member(1))) {
                assertForwardNames(changed, caller, "changed");
                assertForwardNames(truncated, caller, "truncated");
                try (TensorParallelMoe good = TensorParallelMoe.connect(caller, "good")) {
                    assertClose(good.forward(X), EXPECTED);
                }
            }
            assertThat(log.warningsWith(changed.toString())).hasSizeBetween(1, 2);
            assertThat(log.warningsWith(truncated.toString())).hasSizeBetween(1, 2);
            List.of("changed", "truncated", "good").forEach(name -> TensorParallelMoe.undeploy(client, name));
            client.shutdown();
        }
        assertNothingIsStored();
    }

    private static void assertForwardNames(Path file, HazelcastInstance caller, String name) {
        try (TensorParallelMoe bad = TensorParallelMoe.connect(caller, name)) {
            assertThatThrownBy(() -> bad.forward(X))
                    .isInstanceOf(ForwardFailedException.class)
                    .hasMessageContainingAll("'" + name + "'", "FAILED", file + ": damaged, ", "deploy it again");
        }
    }

    @Test
    void aDamagedRecordIsNamedAndTheOtherModelsServe() throws IOException {
        Path damaged;
        try (EmbeddedCluster cluster = start(1)) {
            deploy(Exchange.CONCAT, cluster.member(0), "bad").close();
            damaged = files("models").get(0);
            deploy(Exchange.CONCAT, cluster.member(0), "good").close();
        }
        Files.write(damaged, new byte[] {1, 2, 3});
        try (LogLines log = LogLines.capture();
                EmbeddedCluster cluster = start(3)) {
            HazelcastInstance client = cluster.connect();
            for (HazelcastInstance caller : List.of(client, cluster.member(0), cluster.member(1), cluster.member(2))) {
                assertNamed(damaged, () -> TensorParallelMoe.connect(caller, "bad"));
                assertNamed(damaged, () -> TensorParallelMoe.undeploy(caller, "bad"));
                assertNamed(damaged, () -> deploy(Exchange.CONCAT, caller, "bad"));
                try (TensorParallelMoe good = TensorParallelMoe.connect(caller, "good")) {
                    assertThat(good.forward(X)).isEqualTo(EXPECTED);
                }
            }
            // The member that read all of them, and the one that was asked for this.
            assertThat(log.warningsWith(damaged.toString())).hasSizeBetween(1, 2);
            Files.delete(damaged);
            deploy(Exchange.CONCAT, client, "bad").undeploy();
            client.shutdown();
        }
    }

    private static void assertNamed(Path file, Runnable operation) {
        assertThatThrownBy(operation::run)
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(file + ": damaged, ")
                .hasMessageContaining("delete it and deploy the model again");
    }

    @Test
    void aStoreThatRefusesShardsFailsTheDeploymentAndNotTheCluster() {
        // so large that experts are written one by one
        MoeWeights large = Models.weights(new MoeShape(800, 800, 800, 2), ElementType.FLOAT64);
        try (EmbeddedCluster cluster = start(3);
                TensorParallelMoe there = deploy(Exchange.CONCAT, cluster.member(0), "there")) {
            Path folder = folders("shards").get(0);
            HazelcastInstance client = cluster.connect();
            for (HazelcastInstance caller : List.of(client, cluster.member(1))) {
                TensorParallelMoe.Builder builder = TensorParallelMoe.builder(large)
                        .progress(part -> folders("shards").stream()
                                .filter(each -> !each.equals(folder))
                                .forEach(DurabilityTest::putFileInPlaceOf));
                assertThatThrownBy(() -> builder.deploy(caller, "refused"))
                        .isInstanceOf(ExpertgridException.class)
                        .hasMessageContainingAll("the grid refused a shard", "rank-", ".shard: cannot be written");
                assertThatThrownBy(() -> TensorParallelMoe.connect(caller, "refused"))
                        .isInstanceOf(ModelNotFoundException.class);
                assertThat(files("models")).hasSize(1);
                assertThat(caller.getMap(GridNames.SHARDS).size()).isEqualTo(5 * 2 * 4);
                assertThat(there.forward(X)).isEqualTo(EXPECTED);
                deploy(Exchange.CONCAT, caller, "refused").undeploy();
            }
            client.shutdown();
        }
    }

    @Test
    void aStoreThatRefusesRecordsFailsTheDeploymentAndRemovesItWhenItCan() throws IOException {
        try (EmbeddedCluster cluster = start(2);
                TensorParallelMoe there = deploy(Exchange.CONCAT, cluster.member(0), "there")) {
            HazelcastInstance client = cluster.connect();
            Path models = store.resolve("models");
            TensorParallelMoe.Builder builder = TensorParallelMoe.builder(WEIGHTS)
                    .progress(part -> {
                        if (part.experts() == part.ofExperts()) {
                            putFileInPlaceOf(models);
                        }
                    });
            assertThatThrownBy(() -> builder.deploy(client, "late"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("late.model: cannot be written");
            assertThatThrownBy(() -> deploy(Exchange.CONCAT, client, "early"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("early.model: cannot be");
            assertThat(folders("shards")).hasSize(1);
            assertThat(there.forward(X)).isEqualTo(EXPECTED);

            Files.delete(models);
            Files.move(models.resolveSibling("models.aside"), models);
            TensorParallelMoe.undeploy(client, "late");
            deploy(Exchange.CONCAT, client, "late").undeploy();
            there.undeploy();
            client.shutdown();
        }
        assertNothingIsStored();
    }

    /** No user can write below a file. Below a read-only folder, root can. */
    private static void putFileInPlaceOf(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                Files.move(folder, folder.resolveSibling(folder.getFileName() + ".aside"));
                Files.createFile(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertClose(Matrix y, Matrix expected) {
        for (int row = 0; row < y.rows(); row++) {
            for (int column = 0; column < y.columns(); column++) {
                assertThat(y.get(row, column)).isCloseTo(expected.get(row, column), within(1e-12));
            }
        }
    }

    private EmbeddedCluster start(int members) {
        return EmbeddedCluster.start(members, config -> ExpertgridConfig.storeIn(config, store));
    }

    private static TensorParallelMoe deploy(Exchange exchange, HazelcastInstance hazelcast, String name) {
        return TensorParallelMoe.builder(WEIGHTS)
                .topK(Models.TOP_K)
                .exchange(exchange)
                .deploy(hazelcast, name);
    }

    private void assertNothingIsStored() {
        assertThat(store.resolve("models")).isEmptyDirectory();
        assertThat(store.resolve("shards")).isEmptyDirectory();
    }

    private List<Path> folders(String folder) {
        try (Stream<Path> paths = Files.list(store.resolve(folder))) {
            return paths.filter(path -> !path.toString().endsWith(".aside")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files(String folder) {
        try (Stream<Path> paths = Files.walk(store.resolve(folder))) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
