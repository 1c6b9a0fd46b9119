package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ConfigXmlGenerator;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.expertgrid.cluster.errors.NotConfiguredException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelStore;
import org.expertgrid.cluster.shards.ShardStore;
import org.expertgrid.cluster.wire.EnvelopeFactory;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk")
@Tag("slow")
class ExpertgridConfigTest {
    private static final Path YAML = Path.of("..", "..", "config", "hazelcast.yaml");

    @Test
    void theYamlFileSaysWhatTheMemberConfigurationSays() throws IOException {
        Config fromFile = Config.loadFromFile(YAML.toFile());
        assertThat(xml(fromFile)).isEqualTo(xml(ExpertgridConfig.member()));
        assertThat(fromFile.getProperties()).isEqualTo(ExpertgridConfig.member().getProperties());
        assertThat(fromFile.getSerializationConfig().getJavaSerializationFilterConfig())
                .isEqualTo(ExpertgridConfig.member().getSerializationConfig().getJavaSerializationFilterConfig());
    }

    @Test
    void theLinesMarkedWithStoreSayWhatStoreInAdds(@TempDir Path directory) throws IOException {
        String uncommented =
                Files.readString(YAML).replace("#store ", "").replace("/srv/expertgrid", directory.toString());
        assertThat(xml(Config.loadFromString(uncommented)))
                .contains(ShardStore.class.getName(), ModelStore.class.getName())
                .isEqualTo(xml(ExpertgridConfig.storeIn(ExpertgridConfig.member(), directory)));
    }

    @Test
    void aStoreThatIsNoDirectoryIsRefused(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        for (Path path : List.of(file, file.resolve("below"))) {
            assertThatThrownBy(() -> ExpertgridConfig.storeIn(ExpertgridConfig.member(), path))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(path + ": cannot be made");
        }
    }

    @Test
    void addingToAConfigurationChangesOnlyEntriesNamedExpertgrid() {
        Config theirs = new Config("theirs");
        theirs.addMapConfig(new MapConfig("orders").setBackupCount(3));
        String before = xml(theirs);
        ExpertgridConfig.addTo(theirs);
        assertThat(ExpertgridConfig.missingFrom(theirs)).isEmpty();
        removeWhatIsNamedExpertgrid(theirs);
        assertThat(xml(theirs)).isEqualTo(before);
        assertThat(theirs.getProperties()).isEmpty();
        assertThat(theirs.getNetworkConfig()).isEqualTo(new Config().getNetworkConfig());
        assertThat(theirs.getSerializationConfig()).isEqualTo(new Config().getSerializationConfig());
    }

    @Test
    void addingTwiceIsAddingOnceAndWhatIsThereAlreadyStays() {
        Config theirs = new Config();
        theirs.addMapConfig(new MapConfig(GridNames.SHARDS).setBackupCount(2));
        ExpertgridConfig.addTo(theirs);
        String once = xml(theirs);
        ExpertgridConfig.addTo(theirs);
        assertThat(xml(theirs)).isEqualTo(once);
        assertThat(theirs.getMapConfig(GridNames.SHARDS).getBackupCount()).isEqualTo(2);
    }

    @Test
    void aMemberListensOnLoopbackAlone() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            int port =
                    cluster.member(0).getCluster().getLocalMember().getAddress().getPort();
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(network.getInetAddresses())) {
                    boolean reachable = reaches(address, port);
                    assertThat(reachable)
                            .as("%s", address)
                            .isEqualTo(address.equals(InetAddress.getByName("127.0.0.1")));
                }
            }
        }
    }

    @Test
    void aClusterWithoutTheConfigurationIsRefusedAndTheMissingLinesAreNamed() {
        Config bare = ExpertgridConfig.member();
        Config unconfigured = new Config("bare-" + System.nanoTime());
        unconfigured.setNetworkConfig(bare.getNetworkConfig().setPort(0));
        unconfigured.setProperty("hazelcast.socket.bind.any", "false");
        HazelcastInstance member = Hazelcast.newHazelcastInstance(unconfigured);
        try {
            assertRefused(member);
            ClientConfig clientConfig = ExpertgridConfig.client();
            clientConfig.setClusterName(unconfigured.getClusterName());
            clientConfig
                    .getNetworkConfig()
                    .setAddresses(List.of("127.0.0.1:"
                            + member.getCluster().getLocalMember().getAddress().getPort()));
            HazelcastInstance client = HazelcastClient.newHazelcastClient(clientConfig);
            try {
                assertRefused(client);
            } finally {
                client.shutdown();
            }
        } finally {
            member.getLifecycleService().terminate();
        }
    }

    @Test
    void aClientWithoutTheConfigurationIsRefused() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            ClientConfig bare = new ClientConfig();
            bare.setClusterName(cluster.name());
            bare.getNetworkConfig()
                    .setAddresses(cluster.clientConfig().getNetworkConfig().getAddresses());
            HazelcastInstance client = HazelcastClient.newHazelcastClient(bare);
            try {
                assertRefused(client);
            } finally {
                client.shutdown();
            }
        }
    }

    private static void assertRefused(HazelcastInstance hazelcast) {
        MoeWeights weights = MoeWeights.random(new MoeShape(4, 4, 4, 2), ElementType.FLOAT64, new NamedRandomStates());
        assertThatThrownBy(() -> TensorParallelMoe.connect(hazelcast, "ranker"))
                .isInstanceOf(NotConfiguredException.class)
                .hasMessageContaining(EnvelopeFactory.class.getName())
                .hasMessageContaining("ExpertgridConfig.addTo");
        assertThatThrownBy(() -> TensorParallelMoe.builder(weights).deploy(hazelcast, "ranker"))
                .isInstanceOf(NotConfiguredException.class);
    }

    private static void removeWhatIsNamedExpertgrid(Config config) {
        config.getMapConfigs().keySet().removeIf(ExpertgridConfigTest::isNamedExpertgrid);
        config.getExecutorConfigs().keySet().removeIf(ExpertgridConfigTest::isNamedExpertgrid);
        config.getListenerConfigs().removeIf(listener -> isNamedExpertgrid(listener.getClassName()));
        SerializationConfig serialization = config.getSerializationConfig();
        serialization.getDataSerializableFactoryClasses().values().removeIf(ExpertgridConfigTest::isNamedExpertgrid);
        serialization.getSerializerConfigs().removeIf(serializer -> isNamedExpertgrid(serializer.getClassName()));
    }

    private static boolean isNamedExpertgrid(String name) {
        return name.matches("(org\\.)?expertgrid($|\\.).*");
    }

    private static boolean reaches(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** The whole configuration, a line for each setting, in an order that does not depend on hash tables. */
    private static String xml(Config config) {
        return new ConfigXmlGenerator(true, false)
                .generate(config)
                .lines()
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** A client's configuration is in its own user context, which is compared and printed with it. */
    @Test
    void aClientConfigurationCanBeComparedAndPrinted() {
        ClientConfig config = ExpertgridConfig.client();
        assertThat(new ClientConfig(config)).isEqualTo(config).hasSameHashCodeAs(config);
        assertThat(config)
                .isNotEqualTo(new ClientConfig(config).setClusterName("another"))
                .asString()
                .isNotEmpty();
    }
}
