package org.expertgrid.cluster.grid;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.List;

/** The members of a cluster that can hold weights. */
public final class DataMembers {
    private DataMembers() {}

    /** Returns the members that are not lite members, in the order in which they joined. */
    public static List<Member> of(HazelcastInstance hazelcast) {
        return hazelcast.getCluster().getMembers().stream()
                .filter(member -> !member.isLiteMember())
                .toList();
    }

    /** Returns {@code host:port} of a member. */
    public static String address(Member member) {
        return member.getAddress().getHost() + ":" + member.getAddress().getPort();
    }
}
