package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The members and models of a cluster.
 *
 * @param members every data member, in the order in which they joined
 * @param models every model by name, also those whose deployment has not ended
 * @param health how the models are that can be used, by name
 */
public record ClusterStatus(List<MemberStatus> members, List<ModelStatus> models, List<ModelHealth> health) {
    /**
     * Asks every data member of the cluster that {@code hazelcast} is a member or client of.
     *
     * @throws NotConfiguredException if one of them, or this side, lacks Expertgrid's configuration
     */
    public static ClusterStatus of(HazelcastInstance hazelcast) {
        List<MemberStatus> members = Members.describe(hazelcast);
        IMap<String, ModelRecord> records = hazelcast.getMap(ExpertgridConfig.MODELS);
        Map<String, ModelRecord> byName = new TreeMap<>();
        records.forEach(entry -> byName.put(entry.getKey(), entry.getValue()));
        return new ClusterStatus(
                members,
                byName.entrySet().stream()
                        .map(entry -> ModelStatus.of(hazelcast, entry.getKey(), entry.getValue()))
                        .toList(),
                byName.entrySet().stream()
                        .filter(entry -> entry.getValue().isReady())
                        .map(entry -> ModelHealth.of(hazelcast, entry.getKey(), entry.getValue()))
                        .toList());
    }
}
