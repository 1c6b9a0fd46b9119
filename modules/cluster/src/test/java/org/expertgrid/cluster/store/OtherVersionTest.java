package org.expertgrid.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in a store that another version of Expertgrid has deployed. */
@Tag("slow")
class OtherVersionTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT64);
    private static final int VERSION_OFFSET = 4;

    @TempDir
    private Path store;

    @Test
    void anotherVersionsModelIsNamedAndCanBeUndeployed() throws IOException {
        List<Path> filesOfGood;
        try (EmbeddedCluster cluster = start(2)) {
            deploy(cluster.member(0), "good").close();
            filesOfGood = files();
            deploy(cluster.member(0), "old").close();
        }
        makeOld("old");

        try (EmbeddedCluster cluster = start(2)) {
            HazelcastInstance client = cluster.connect();
            for (HazelcastInstance caller : List.of(client, cluster.member(0), cluster.member(1))) {
                ClusterStatus status = Connection.of(caller).status();
                assertThat(status.ofOtherVersions()).containsExactly("old");
                assertThat(status.models()).extracting(ModelStatus::name).containsExactly("good");
                assertThatThrownBy(() -> deploy(caller, "old"))
                        .isInstanceOf(ModelExistsException.class)
                        .hasMessage(
                                "model 'old': deployed by another version of Expertgrid, whose record in the store this one"
                                        + " cannot read (expected: a free name; 'undeploy old' removes it and its weights)");
                assertThatThrownBy(() -> TensorParallelMoe.connect(caller, "old"))
                        .isInstanceOf(ModelNotReadyException.class)
                        .hasMessageContaining("'undeploy old' removes it");
            }
            assertThat(files()).hasSizeGreaterThan(filesOfGood.size());

            TensorParallelMoe.undeploy(client, "old");

            assertThat(files()).isEqualTo(filesOfGood);
            assertThat(Connection.of(client).status().ofOtherVersions()).isEmpty();
            deploy(client, "old").undeploy();
            TensorParallelMoe.connect(client, "good").close();
            client.shutdown();
        }
    }

    /** Writes the record of a model as if it were of version 2. */
    private void makeOld(String name) throws IOException {
        Path file = store.resolve("models").resolve(name + ".model");
        EntryFile record = EntryFile.read(file).orElseThrow();
        record.value()[VERSION_OFFSET] = 2;
        EntryFile.write(file, record.key(), record.value());
    }

    private EmbeddedCluster start(int members) {
        return EmbeddedCluster.start(members, config -> ExpertgridConfig.storeIn(config, store));
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast, String name) {
        return TensorParallelMoe.builder(WEIGHTS).topK(Models.TOP_K).deploy(hazelcast, name);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> paths = Files.walk(store)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
