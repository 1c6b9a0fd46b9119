package org.expertgrid.cluster.local;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.experts.errors.Problems;

/**
 * Members that all live in this JVM and talk over real sockets on loopback, under a random cluster name: for tests, and
 * for a look without starting processes.
 *
 * <p>For one thread, as far as members are added; what it returns is safe for many.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private final String name = "expertgrid-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<HazelcastInstance> members = new ArrayList<>();

    private final UnaryOperator<Config> configuration;

    private EmbeddedCluster(UnaryOperator<Config> configuration) {
        this.configuration = configuration;
    }

    /** Starts that many data members, at least 1, and returns when all partitions have owners among them. */
    public static EmbeddedCluster start(int members) {
        return start(members, UnaryOperator.identity());
    }

    /** Starts members with another configuration and another number of backups of every shard. */
    public static EmbeddedCluster start(int members, int backups, UnaryOperator<Config> configuration) {
        return start(members, member -> {
            Config config = configuration.apply(member);
            config.getMapConfig(GridNames.SHARDS).setBackupCount(backups);
            return config;
        });
    }

    /** Starts members as {@link #start(int)} does, with a configuration that differs from {@link ExpertgridConfig#member()}'s. */
    public static EmbeddedCluster start(int members, UnaryOperator<Config> configuration) {
        new Problems().expect(members >= 1, "members", members, "at least 1").throwIfAny();
        EmbeddedCluster cluster = new EmbeddedCluster(configuration);
        try {
            for (int i = 0; i < members; i++) {
                cluster.addMember();
            }
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Starts one more member on a free port, and returns it when it has joined. */
    public HazelcastInstance addMember() {
        Config config = ExpertgridConfig.member();
        config.setClusterName(name);
        config.setProperty(ExpertgridConfig.WARM_UP, "false"); // this JVM's first text or test would wait for it
        config.getNetworkConfig().setPort(0).setPortAutoIncrement(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setMembers(addresses());
        HazelcastInstance member = Hazelcast.newHazelcastInstance(configuration.apply(config));
        members.add(member);
        return member;
    }

    /** Ends the running member that was started last at once, as if its machine were lost, and returns its address. */
    public String loseMember() {
        HazelcastInstance lost = running().reduce((earlier, later) -> later).orElseThrow();
        String address = address(lost);
        lost.getLifecycleService().terminate();
        return address;
    }

    /** Returns the members in the order in which they were started, also those that have been shut down since. */
    public List<HazelcastInstance> members() {
        return Collections.unmodifiableList(members);
    }

    /** Returns one member. */
    public HazelcastInstance member(int index) {
        return members.get(index);
    }

    /** Returns the cluster's name, which is random. */
    public String name() {
        return name;
    }

    /** Returns the configuration of a client of this cluster. */
    public ClientConfig clientConfig() {
        ClientConfig config = ExpertgridConfig.client();
        config.setClusterName(name);
        config.getNetworkConfig().setAddresses(addresses());
        return config;
    }

    /** Returns a connection through the first member, which stays a member when the connection is closed. */
    public Connection connection() {
        return Connection.of(member(0));
    }

    /** Returns a new client of this cluster, which the caller shuts down. */
    public HazelcastInstance connect() {
        return HazelcastClient.newHazelcastClient(clientConfig());
    }

    /** Ends all members at once. */
    @Override
    public void close() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }

    private List<String> addresses() {
        return running().map(EmbeddedCluster::address).toList();
    }

    private Stream<HazelcastInstance> running() {
        return members.stream().filter(member -> member.getLifecycleService().isRunning());
    }

    private static String address(HazelcastInstance member) {
        Address address = member.getCluster().getLocalMember().getAddress();
        return address.getHost() + ":" + address.getPort();
    }
}
