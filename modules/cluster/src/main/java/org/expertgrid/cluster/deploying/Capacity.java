package org.expertgrid.cluster.deploying;

import com.hazelcast.cluster.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerRequest.AskRoom;

/**
 * Compares the most bytes of a model that each member would hold with the room that the member says it has beside the other models.
 *
 * <pre>
 *   now            primaries of its ranks + its part of the others' backups
 *   one less       with as many copies as members are left, all of the model; otherwise an even part of all copies
 *   room           what is free now, less what the other models grow by when a member is lost, or while they are deployed
 * </pre>
 *
 * Hazelcast chooses where backups live, and evenly, so the part of a member is an estimate of which one rank is the margin.
 */
final class Capacity {
    /** Members that fill up in between have more than this left, which is what they never give to weights. */
    private static final long BYTES_BETWEEN_CHECKS = 8 << 20;

    private final MemberCalls members;
    private final String name;
    private final ModelDefinition model;
    private final Map<Member, MemberReport> reports;
    private final Map<Member, Part> parts = new LinkedHashMap<>();
    private long checkedBytes;

    /**
     * The bytes that one member holds.
     *
     * @param all of the model, if the member held every shard of it
     * @param now of the model once all of it is there
     * @param most of the model, also when a member has been lost
     * @param promised what the other models may grow by
     */
    record Part(long all, long now, long most, long promised) {
        /** Returns what is still to come when a fraction of the model is there, and the member holds more than before by so many bytes. */
        long rest(double fraction, long grown) {
            // Backups are spread less evenly than was estimated. What other deployments add is not of this model.
            return most - Math.max((long) (fraction * now), Math.min(grown, (long) (fraction * all)));
        }
    }

    /**
     * Computes what members would hold.
     *
     * @param models all models, this one among them or not yet
     * @param record the model, of which one set of shards is to be written
     * @param reports what each member is and holds
     * @param ranks how many ranks of that set each member would own
     */
    Capacity(
            MemberCalls members,
            ModelMap models,
            String name,
            ModelRecord record,
            Map<Member, MemberReport> reports,
            Map<Member, Integer> ranks) {
        this.members = members;
        this.name = name;
        this.model = record.definition();
        this.reports = reports;
        List<ModelDefinition> others = new ArrayList<>();
        models.forEach((other, of) -> others.addAll(
                Collections.nCopies(of.allSets().size() - (of.id().equals(record.id()) ? 1 : 0), of.definition())));
        reports.forEach((member, report) -> {
            long rank = model.heapBytes(0, report.regionBytes());
            long all = rank * model.ranks();
            long now = held(rank * ranks.getOrDefault(member, 0), rank, all, report.backups(), reports.size());
            long most = Math.max(now, afterLoss(rank, all, report, reports.size()));
            parts.put(member, new Part(all, now, most, promised(others, report, reports.size())));
        });
    }

    private static long promised(List<ModelDefinition> others, MemberReport report, int members) {
        int copies = Math.min(report.backups(), members - 1) + 1;
        long most = 0;
        for (ModelDefinition other : others) {
            long all = other.heapBytes(0, report.regionBytes()) * other.ranks();
            most += Math.max(all * copies / members, afterLoss(0, all, report, members));
        }
        return Math.max(0, most - report.primaryBytes() - report.backupBytes());
    }

    static long held(long primaries, long rank, long all, int backups, int members) {
        int copies = Math.min(backups, members - 1);
        if (copies == 0) {
            return primaries;
        }
        if (copies == members - 1) {
            return all;
        }
        return Math.min(all, primaries + (all - primaries) * copies / (members - 1) + rank);
    }

    private static long afterLoss(long rank, long all, MemberReport report, int members) {
        return afterLoss(rank, all, report.backups(), members);
    }

    static long afterLoss(long rank, long all, int backups, int members) {
        int left = members - 1;
        if (left == 0 || backups == 0) {
            return 0;
        }
        int copies = Math.min(backups, left - 1) + 1;
        return copies == left ? all : Math.min(all, all * copies / left + rank);
    }

    /**
     * Checks the rest of a model whenever some more of it is there.
     *
     * @throws RefusedException if a member has no room for the rest; names what each needs and has
     */
    void checkSometimes(DeploymentProgress.Part done) {
        if (done.bytes() - checkedBytes >= BYTES_BETWEEN_CHECKS) {
            checkedBytes = done.bytes();
            double there = (double) done.bytes() / done.ofBytes();
            Map<Member, MemberReport> now = members.describe();
            check(
                    " more",
                    member -> parts.get(member).rest(there, weights(now.get(member)) - weights(reports.get(member))),
                    member -> 0);
        }
    }

    private static long weights(MemberReport report) {
        return report == null ? 0 : report.primaryBytes() + report.backupBytes();
    }

    /**
     * Asks every member whether it has room for its part of the model.
     *
     * @throws RefusedException if a member has no room; names what each needs and has
     */
    void check() {
        check(
                "",
                member -> parts.get(member).most(),
                member -> parts.get(member).promised());
    }

    private void check(String more, ToLongFunction<Member> needed, ToLongFunction<Member> promised) {
        Map<Member, WorkerRequest> questions = new LinkedHashMap<>();
        parts.keySet()
                .forEach(member ->
                        questions.put(member, new AskRoom(needed.applyAsLong(member) + promised.applyAsLong(member))));
        Map<Member, Long> room = new LinkedHashMap<>();
        members.ask(questions)
                .forEach((member, reply) ->
                        room.put(member, reply.report(Report.Room.class).bytes()));
        Map<String, List<Member>> processes = new TreeMap<>();
        room.keySet()
                .forEach(member -> processes
                        .computeIfAbsent(
                                member.getAddress().getHost() + " "
                                        + reports.get(member).process(),
                                process -> new ArrayList<>())
                        .add(member));
        List<String> lines = new ArrayList<>();
        boolean fits = true;
        for (List<Member> together : processes.values()) {
            long bytes = together.stream().mapToLong(needed).sum();
            long free = together.stream().mapToLong(room::get).min().orElse(0);
            long there =
                    Math.max(0, free - together.stream().mapToLong(promised).sum());
            fits &= bytes <= there;
            lines.add(String.join(
                            ", ", together.stream().map(DataMembers::address).toList()) + ": " + megabytes(bytes)
                    + (bytes <= there ? " (room: " : " (expected: at most ") + megabytes(there) + ")");
        }
        if (!fits) {
            throw new RefusedException(
                    "model '" + name + "': " + megabytes(model.bytes())
                            + " of weights, of which members would hold" + more + ", backups"
                            + " and the loss of one member included:\n  " + String.join("\n  ", lines)
                            + "\n  More heap for these members, more members, fewer backups, or weights stored in fewer bits"
                            + " would help; so would undeploying other models.",
                    null);
        }
    }

    private static String megabytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MB";
    }
}
