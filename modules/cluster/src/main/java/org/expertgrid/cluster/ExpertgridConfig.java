package org.expertgrid.cluster;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MapStoreConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.MetadataPolicy;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.map.MapStore;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.OwnConfiguration;
import org.expertgrid.cluster.models.ModelStore;
import org.expertgrid.cluster.models.RouterStore;
import org.expertgrid.cluster.shards.ShardStore;
import org.expertgrid.cluster.store.FileStore;
import org.expertgrid.experts.errors.BadFileException;

/**
 * The settings that Hazelcast needs before Expertgrid runs on it.
 *
 * <p>{@link #member()} and {@link #client()} are whole configurations, for clusters of Expertgrid's own: loopback only, no
 * multicast, no discovery, no Java deserialisation beyond exceptions. {@link #addTo(Config)} adds to an application's own
 * configuration only what is named expertgrid: four maps, two executors, the factory of its
 * envelopes, and its serialisers; everything else stays as it is.
 * {@code config/hazelcast.yaml} says the same as {@link #member()}.
 */
public final class ExpertgridConfig {
    /** The name of the cluster that {@link #member()} and {@link #client()} configure. */
    public static final String CLUSTER_NAME = "expertgrid";

    /**
     * A property of a member's configuration: after how many seconds the ranks of a model are spread anew, by themselves, where members
     * have joined or left and one of them has two ranks more than another. 30 by default; -1 for never.
     */
    public static final String REBALANCE_SECONDS = "expertgrid.rebalance.seconds";

    /**
     * A property of a member's configuration: whether the member computes for a moment when it starts, so that the JVM has
     * compiled the kernels before the first task. True by default.
     */
    public static final String WARM_UP = "expertgrid.warm.up";

    /** How long Hazelcast's own shutdown of a member may take; it moves what the member still holds. */
    public static final int SHUTDOWN_SECONDS = 60;

    private static final int DEFAULT_REBALANCE_SECONDS = 30;

    /** Most of them wait for their turn; so many that there are always some to turn others away. */
    private static final int TASK_THREADS = 128;

    private static final int QUEUED_TASKS = 1024;
    private static final int CONTROL_THREADS = 4;
    /** The most that Hazelcast allows: model records are small, and every model needs its one. */
    private static final int MODEL_BACKUPS = 6;
    /** More than weights have by default; a router takes about a megabyte for each layer of a large model. */
    private static final int ROUTER_BACKUPS = 3;

    private static final int PORTS_TRIED = 20;

    private ExpertgridConfig() {}

    /** Returns the configuration of a member that listens on loopback and finds others there, from port 5701 on. */
    public static Config member() {
        Config config = new Config();
        config.setClusterName(CLUSTER_NAME);
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.tcp.join.port.try.count", Integer.toString(PORTS_TRIED));
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.max.join.seconds", "180");
        // Both members hold a migrating chunk beside their weights: a chunk ends with the tile that exceeds this, and
        // its
        // buffer may be twice as large.
        config.setProperty("hazelcast.partition.migration.chunks.max.migrating.data.in.mb", "8");
        config.setProperty("hazelcast.partition.max.parallel.migrations", "2");
        // A member that is silent this long is taken for dead: while a frozen one is a member, callers wait for it.
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "6");
        config.setProperty("hazelcast.partial.member.disconnection.resolution.heartbeat.count", "3");
        // One that has died refuses connections at once; what counts then is how soon that has been tried four times.
        config.setProperty("hazelcast.connection.monitor.interval", "25");
        // A connection to a frozen member takes one of these threads for itself; see UnansweredConnections.
        config.setProperty("hazelcast.io.output.thread.count", "24");
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
        config.setProperty("hazelcast.shutdownhook.policy", "GRACEFUL");
        config.setProperty("hazelcast.graceful.shutdown.max.wait", Integer.toString(SHUTDOWN_SECONDS));
        config.setProperty("hazelcast.member.demote.max.wait", "60");
        config.getJetConfig().setEnabled(false);
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(5701).setPortAutoIncrement(true).setPortCount(PORTS_TRIED);
        network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        network.getJoin().getAutoDetectionConfig().setEnabled(false);
        network.getJoin().getMulticastConfig().setEnabled(false);
        network.getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1");
        SerializationSettings.restrict(config.getSerializationConfig());
        return addTo(config);
    }

    /** Returns the configuration of a client that looks for a member on loopback, from port 5701 on. */
    public static ClientConfig client() {
        ClientConfig config = new ClientConfig();
        config.setClusterName(CLUSTER_NAME);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        // Shorter than the members' own, so that a client does not wait for a frozen member longer than they do.
        config.setProperty("hazelcast.client.heartbeat.interval", "1000");
        config.setProperty("hazelcast.client.heartbeat.timeout", "5000");
        config.getNetworkConfig().addAddress("127.0.0.1");
        SerializationSettings.restrict(config.getSerializationConfig());
        return addTo(config);
    }

    /** Adds what Expertgrid needs to a member's configuration and returns it; what is named expertgrid there already stays. */
    public static Config addTo(Config config) {
        if (!config.getMapConfigs().containsKey(GridNames.SHARDS)) {
            config.addMapConfig(new MapConfig(GridNames.SHARDS)
                    .setInMemoryFormat(InMemoryFormat.OBJECT)
                    .setBackupCount(1)
                    .setMetadataPolicy(MetadataPolicy.OFF)
                    .setMergePolicyConfig(keepingWhatIsThere()));
        }
        addSmallMap(config, GridNames.MODELS, MODEL_BACKUPS, keepingWhatIsThere());
        addSmallMap(config, GridNames.ROUTERS, ROUTER_BACKUPS, keepingWhatIsThere());
        // When the parts of a torn cluster merge, removals by the smaller part are not applied to the larger part.
        addSmallMap(
                config,
                GridNames.REMOVED,
                MODEL_BACKUPS,
                new MergePolicyConfig().setPolicy(DiscardMergePolicy.class.getName()));
        addExecutor(config, GridNames.EXECUTOR, TASK_THREADS);
        addExecutor(config, GridNames.CONTROL, CONTROL_THREADS);
        if (!starts(config)) {
            config.addListenerConfig(new ListenerConfig(GridNames.START_LISTENER));
        }
        SerializationSettings.addTo(config.getSerializationConfig());
        return config;
    }

    private static boolean starts(Config config) {
        return config.getListenerConfigs().stream()
                .anyMatch(listener -> GridNames.START_LISTENER.equals(listener.getClassName()));
    }

    /**
     * Has a member keep shards and models in a directory, beside what {@link #addTo(Config)} adds, and returns its configuration. A
     * cluster that starts again with the same directory serves what was deployed; what members lose, they read from there.
     *
     * @param directory one that all members share and no other cluster uses, the same in each member's configuration; made where
     *     it is missing
     * @throws BadFileException if it is no directory, or cannot be made
     */
    public static Config storeIn(Config config, Path directory) {
        Path absolute = storeDirectory(directory);
        addTo(config);
        config.getMapConfig(GridNames.SHARDS).setMapStoreConfig(store(ShardStore.class, absolute));
        config.getMapConfig(GridNames.MODELS).setMapStoreConfig(store(ModelStore.class, absolute));
        config.getMapConfig(GridNames.ROUTERS).setMapStoreConfig(store(RouterStore.class, absolute));
        return config;
    }

    /** Returns the directory of a store, which is there then. */
    public static Path storeDirectory(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            return Files.createDirectories(absolute);
        } catch (IOException e) {
            throw new BadFileException(
                    absolute + ": cannot be made (expected: a directory, or a place where one can be made)", e);
        }
    }

    private static MapStoreConfig store(Class<? extends MapStore<?, ?>> type, Path directory) {
        return new MapStoreConfig()
                .setEnabled(true)
                .setClassName(type.getName())
                .setProperty(FileStore.DIRECTORY, directory.toString());
    }

    /** Adds what Expertgrid needs to a client's configuration and returns it. */
    public static ClientConfig addTo(ClientConfig config) {
        SerializationSettings.addTo(config.getSerializationConfig());
        OwnConfiguration.putInto(config);
        return config;
    }

    public static long rebalanceSeconds(Config config) {
        String value = config.getProperty(REBALANCE_SECONDS);
        if (value == null) {
            return DEFAULT_REBALANCE_SECONDS;
        }
        if (!value.matches("-1|[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    REBALANCE_SECONDS + ": " + value + " (expected: a whole number of seconds, or -1 for never)");
        }
        return Long.parseLong(value);
    }

    static boolean warmsUp(Config config) {
        return !"false".equals(config.getProperty(WARM_UP));
    }

    private static void addSmallMap(Config config, String name, int backups, MergePolicyConfig merging) {
        if (!config.getMapConfigs().containsKey(name)) {
            config.addMapConfig(new MapConfig(name)
                    .setInMemoryFormat(InMemoryFormat.BINARY)
                    .setBackupCount(backups)
                    .setMetadataPolicy(MetadataPolicy.OFF)
                    .setMergePolicyConfig(merging));
        }
    }

    private static void addExecutor(Config config, String name, int threads) {
        if (!config.getExecutorConfigs().containsKey(name)) {
            config.addExecutorConfig(new ExecutorConfig(name, threads).setQueueCapacity(QUEUED_TASKS));
        }
    }

    private static MergePolicyConfig keepingWhatIsThere() {
        return new MergePolicyConfig().setPolicy(PutIfAbsentMergePolicy.class.getName());
    }

    /** Returns what {@link #addTo(Config)} would add to a member's configuration, in words. */
    public static List<String> missingFrom(Config config) {
        List<String> missing = new ArrayList<>();
        for (String map : List.of(GridNames.SHARDS, GridNames.MODELS, GridNames.ROUTERS, GridNames.REMOVED)) {
            if (!config.getMapConfigs().containsKey(map)) {
                missing.add("map " + map);
            }
        }
        for (String executor : List.of(GridNames.EXECUTOR, GridNames.CONTROL)) {
            if (!config.getExecutorConfigs().containsKey(executor)) {
                missing.add("executor-service " + executor);
            }
        }
        if (!starts(config)) {
            missing.add("listener " + GridNames.START_LISTENER);
        }
        missing.addAll(SerializationSettings.missingFrom(config.getSerializationConfig()));
        return missing;
    }
}
