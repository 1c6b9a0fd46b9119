package org.expertgrid.cluster.inspection;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.RanksReport;
import org.expertgrid.cluster.wire.WorkerRequest.Examine;
import org.expertgrid.kernels.WeightFormat;

/**
 * Asks members how they and the models are. However many models there are, every member is asked once.
 *
 * <p>Safe for use by many threads.
 */
public final class StatusReader {
    private static final String NO_OWNER = "no member";

    private final HazelcastInstance hazelcast;
    private final MemberCalls members;

    /** Takes a member or client of the cluster. */
    public StatusReader(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.members = new MemberCalls(hazelcast);
    }

    /**
     * Returns the members and models of the cluster.
     *
     * @throws org.expertgrid.cluster.errors.NotConfiguredException if a member, or this side, lacks Expertgrid's configuration
     */
    public ClusterStatus cluster() {
        List<MemberStatus> statuses = members().members();
        Map<String, ModelRecord> records = new ModelMap(hazelcast).all();
        List<String> ofOtherVersions = records.keySet().stream()
                .filter(name -> records.get(name).isOfOtherVersion())
                .toList();
        records.keySet().removeAll(ofOtherVersions);
        List<ModelStatus> models = new ArrayList<>();
        records.forEach((name, record) -> models.add(model(name, record)));
        List<ModelHealth> health = new ArrayList<>();
        if (records.values().stream().anyMatch(ModelRecord::isReady)) {
            Map<Member, RanksReport> reports = examine();
            records.forEach((name, record) -> {
                if (record.isReady()) {
                    health.add(health(name, record, reports));
                }
            });
        }
        return new ClusterStatus(statuses, models, health, ofOtherVersions);
    }

    /**
     * Returns the members of the cluster alone, without its models.
     *
     * @throws org.expertgrid.cluster.errors.NotConfiguredException as {@link #cluster} does
     */
    public ClusterStatus members() {
        List<MemberStatus> statuses = members.describe().entrySet().stream()
                .map(entry -> member(entry.getKey(), entry.getValue()))
                .toList();
        return new ClusterStatus(statuses, List.of(), List.of(), List.of());
    }

    private static MemberStatus member(Member member, MemberReport report) {
        return new MemberStatus(
                member.getUuid(),
                DataMembers.address(member),
                report.kernels(),
                report.processors(),
                report.heapUsed(),
                report.heapMaximum(),
                report.heapCapacity(),
                report.tiles(),
                report.primaryBytes(),
                report.backupBytes(),
                report.tasks(),
                Duration.ofNanos(report.decodingNanos()),
                Duration.ofNanos(report.computingNanos()),
                Duration.ofNanos(report.encodingNanos()),
                report.storing());
    }

    /** Returns what a model is, and where its ranks are as this side sees the cluster. Asks no member. */
    public ModelStatus model(String name, ModelRecord record) {
        ModelDefinition model = record.definition();
        Map<String, List<Integer>> ranksByMember = new TreeMap<>();
        List<Long> bytes = new ArrayList<>();
        for (int rank = 0; rank < model.ranks(); rank++) {
            ranksByMember
                    .computeIfAbsent(address(owner(record, rank)), member -> new ArrayList<>())
                    .add(rank);
            bytes.add(model.bytes(rank));
        }
        return new ModelStatus(
                name,
                model.kind().description,
                record.isReady(),
                model.family(),
                model.layers().stream().map(StatusReader::layer).toList(),
                model.exchange(),
                model.ranks(),
                ranksByMember,
                bytes);
    }

    private static ModelStatus.Layer layer(LayerDefinition layer) {
        Set<WeightFormat> formats = new TreeSet<>();
        layer.formats().forEach(formats::addAll);
        int topK = layer.rule().effectiveTopK(layer.shape().experts());
        return new ModelStatus.Layer(layer.index(), layer.shape(), layer.elementType(), topK, formats);
    }

    /** Asks the members how a model is; a member that does not answer within 3 s counts as not serving. */
    public ModelHealth health(String name, ModelRecord record) {
        return health(name, record, examine());
    }

    private Map<Member, RanksReport> examine() {
        Map<Member, RanksReport> reports = new HashMap<>();
        members.askThoseThatAnswer(new Examine())
                .forEach((member, reply) -> reports.put(member, reply.report(RanksReport.class)));
        return reports;
    }

    private ModelHealth health(String name, ModelRecord record, Map<Member, RanksReport> reports) {
        UUID deployment = record.shards().deployment();
        List<ModelHealth.RankHealth> ranks = new ArrayList<>();
        for (int rank = 0; rank < record.definition().ranks(); rank++) {
            Member owner = owner(record, rank);
            RanksReport report = owner == null ? null : reports.get(owner);
            boolean served = report != null && report.servedOf(deployment).contains(rank);
            ranks.add(new ModelHealth.RankHealth(rank, address(owner), served));
        }
        int members = DataMembers.of(hazelcast).size();
        boolean complete = reports.size() == members
                && reports.values().stream().allMatch(report -> report.safe() && report.backups() < members);
        int backups =
                reports.values().stream().mapToInt(RanksReport::backups).min().orElse(0);
        long moving = reports.values().stream()
                .mapToLong(RanksReport::partitionsMoving)
                .max()
                .orElse(0);
        return new ModelHealth(name, ranks, complete, backups, moving, record.next() != null);
    }

    private Member owner(ModelRecord record, int rank) {
        return hazelcast
                .getPartitionService()
                .getPartition(record.shards().placement().get(rank))
                .getOwner();
    }

    private static String address(Member member) {
        return member == null ? NO_OWNER : DataMembers.address(member);
    }
}
