package org.expertgrid.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * One member of a {@link LocalCluster} in a JVM of its own, told by system properties what to be.
 *
 * <p>Attached to the process that started it, it ends when its standard input does, so that no member outlives whoever needs it.
 */
public final class MemberMain {
    static final String CLUSTER_PROPERTY = "expertgrid.member.cluster";
    static final String PORT_PROPERTY = "expertgrid.member.port";
    static final String JOIN_PROPERTY = "expertgrid.member.join";
    static final String MEMBERS_PROPERTY = "expertgrid.member.members";
    static final String ATTACHED_PROPERTY = "expertgrid.member.attached";
    /** What a member prints when its cluster has formed. */
    static final String READY = "expertgrid member is ready";

    private MemberMain() {}

    public static void main(String[] arguments) throws IOException {
        Config config = config(
                System.getProperty(CLUSTER_PROPERTY),
                Integer.getInteger(PORT_PROPERTY),
                List.of(System.getProperty(JOIN_PROPERTY).split(",")),
                Integer.getInteger(MEMBERS_PROPERTY));
        HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config);
        System.out.println(READY);
        if (Boolean.getBoolean(ATTACHED_PROPERTY)) {
            InputStream lifeline = System.in;
            while (lifeline.read() >= 0) {
                // Nobody writes here; what counts is the end.
            }
            hazelcast.getLifecycleService().terminate();
        }
    }

    /** Returns the configuration of a member that waits until {@code members} of them have joined. */
    static Config config(String cluster, int port, List<String> join, int members) {
        Config config = ExpertgridConfig.member();
        config.setClusterName(cluster);
        config.setProperty("hazelcast.initial.min.cluster.size", Integer.toString(members));
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setMembers(join);
        return config;
    }
}
