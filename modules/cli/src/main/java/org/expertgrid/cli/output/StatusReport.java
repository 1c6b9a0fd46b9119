package org.expertgrid.cli.output;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.ModelStatus;

/** Formats the members and models of a cluster, and the places of the weights. */
public record StatusReport(ClusterStatus status) {
    private static final String MEMBER = "%-21s %-8s %5s %17s %11s %11s %11s";

    /** Returns the status as a table, and the warning where there is one. */
    public List<String> lines() {
        List<String> lines = table();
        warning().ifPresent(warning -> lines.addAll(List.of("", warning)));
        return lines;
    }

    /** Returns the status as a table. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(format(MEMBER, "member", "kernels", "cores", "heap", "primaries", "backups", "tiles"));
        for (MemberStatus member : status.members()) {
            lines.add(format(
                    MEMBER,
                    member.address(),
                    member.kernels(),
                    member.processors(),
                    format("%d of %d MB", member.heapUsed() >> 20, member.heapMaximum() >> 20),
                    ByteSizes.text(member.primaryBytes()),
                    ByteSizes.text(member.backupBytes()),
                    member.tiles()));
        }
        for (ModelStatus model : status.models()) {
            lines.add("");
            lines.addAll(lines(model));
            health(model).ifPresent(health -> lines.add(line(health) + "; " + ofALoss(health)));
        }
        for (String name : status.ofOtherVersions()) {
            lines.add("");
            lines.add(format(
                    "model %s: deployed by another version of Expertgrid, which this one cannot read; 'undeploy %s' removes it",
                    name, name));
        }
        return lines;
    }

    /** Returns that the members would have too little heap with one member less, where that is so. */
    public Optional<String> warning() {
        return status.hasRoomForALoss()
                ? Optional.empty()
                : Optional.of(format(
                        "⚠ with one member less, each of the others would hold %s of weights on average; the smallest has"
                                + " room for %s: give members more heap, or add members",
                        ByteSizes.text(status.bytesEachAfterALoss()), ByteSizes.text(smallestRoom())));
    }

    private long smallestRoom() {
        return status.members().stream()
                .mapToLong(MemberStatus::heapCapacity)
                .min()
                .orElse(0);
    }

    private Optional<ModelHealth> health(ModelStatus model) {
        return status.health().stream()
                .filter(health -> health.name().equals(model.name()))
                .findFirst();
    }

    private static String line(ModelHealth health) {
        List<String> said = new ArrayList<>();
        said.add(
                health.unserved().isEmpty()
                        ? "all ranks served"
                        : "ranks " + ranges(health.unserved()) + " are not served");
        said.add(health.backupsComplete() ? "backups complete" : "backups not complete");
        if (health.partitionsMoving() > 0) {
            said.add(health.partitionsMoving() + " partitions migrating");
        }
        if (health.rebalancing()) {
            said.add("ranks being rebalanced");
        }
        return String.join(", ", said);
    }

    /** Returns what the loss of a member would mean for a model. */
    private String ofALoss(ModelHealth health) {
        if (!keepsWeightsOfALostMember(health)) {
            return "a lost member could take weights with it";
        }
        if (status.members().size() < 2) {
            return "there is no other member to serve it";
        }
        return status.hasRoomForALoss()
                ? "without any one member, the others would serve it"
                : "a lost member would leave too little heap";
    }

    private boolean keepsWeightsOfALostMember(ModelHealth health) {
        boolean stored = status.members().stream().anyMatch(MemberStatus::storing);
        return health.backupsComplete() && (health.backups() > 0 || stored);
    }

    private static List<String> lines(ModelStatus model) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "model %s: %s%s%d -> %d -> %d, %d experts, top %d, %s, %s in all, %s, %d ranks%s",
                model.name(),
                model.family().isEmpty() ? "" : model.family() + ", ",
                model.layers().size() == 1 ? "" : model.layers().size() + " layers of ",
                model.shape().inputDim(),
                model.shape().expert(0).hiddenDim(),
                model.shape().outputDim(),
                model.shape().experts(),
                model.topK(),
                formats(model),
                ByteSizes.text(model.bytes()),
                Output.text(model.exchange()),
                model.ranks(),
                model.ready() ? "" : "; still being deployed, or its deployment ended early"));
        model.ranksByMember().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().get(0)))
                .forEach(entry -> lines.add(format(
                        "%-21s ranks %-30s %11s",
                        entry.getKey(), ranges(entry.getValue()), ByteSizes.text(bytes(model, entry.getValue())))));
        return lines;
    }

    /** Returns the status for JSON. Sizes are in bytes. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("members", status.members().stream().map(StatusReport::json).toList());
        json.put("models", status.models().stream().map(this::jsonWithHealth).toList());
        json.put("models_of_other_versions", status.ofOtherVersions());
        json.put("room_for_a_loss", status.hasRoomForALoss());
        return json;
    }

    private Map<String, Object> jsonWithHealth(ModelStatus model) {
        Map<String, Object> json = json(model);
        health(model).ifPresent(health -> {
            json.put("well", health.isWell());
            json.put("ranks_unserved", health.unserved());
            json.put("backups_complete", health.backupsComplete());
            json.put(
                    "outlives_a_lost_member",
                    keepsWeightsOfALostMember(health) && status.members().size() > 1 && status.hasRoomForALoss());
            json.put("partitions_moving", health.partitionsMoving());
            json.put("rebalancing", health.rebalancing());
        });
        return json;
    }

    private static Map<String, Object> json(MemberStatus member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("address", member.address());
        json.put("kernels", member.kernels());
        json.put("processors", member.processors());
        json.put("heap_used", member.heapUsed());
        json.put("heap_maximum", member.heapMaximum());
        json.put("tiles", member.tiles());
        json.put("bytes_primary", member.primaryBytes());
        json.put("bytes_backup", member.backupBytes());
        return json;
    }

    public static Map<String, Object> json(ModelStatus model) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", model.name());
        json.put("ready", model.ready());
        json.put("description", model.description());
        json.put("input_dim", model.shape().inputDim());
        json.put("hidden_dim", model.shape().hiddenDim());
        json.put("output_dim", model.shape().outputDim());
        json.put("experts", model.shape().experts());
        json.put("topk", model.topK());
        json.put("element", Output.text(model.elementType()));
        json.put("family", model.family());
        json.put("stored", formats(model));
        json.put("layers", model.layers().stream().map(ModelStatus.Layer::index).toList());
        json.put("bytes", model.bytes());
        json.put("exchange", Output.text(model.exchange()));
        json.put("ranks", model.ranks());
        json.put("ranks_by_member", model.ranksByMember());
        json.put("bytes_by_rank", model.bytesByRank());
        return json;
    }

    private static String formats(ModelStatus model) {
        return model.formats().stream().map(Output::text).collect(Collectors.joining(" and "));
    }

    private static long bytes(ModelStatus model, List<Integer> ranks) {
        return ranks.stream().mapToLong(model.bytesByRank()::get).sum();
    }

    /** Returns ascending numbers as ranges: {@code 0-3, 7}. */
    static String ranges(List<Integer> ascending) {
        StringBuilder text = new StringBuilder();
        for (int first = 0, last; first < ascending.size(); first = last + 1) {
            last = first;
            while (last + 1 < ascending.size() && ascending.get(last + 1) == ascending.get(last) + 1) {
                last++;
            }
            text.append(first == 0 ? "" : ", ").append(ascending.get(first));
            if (last > first) {
                text.append("-").append(ascending.get(last));
            }
        }
        return text.toString();
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
