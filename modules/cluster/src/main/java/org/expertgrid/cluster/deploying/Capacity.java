package org.expertgrid.cluster.deploying;

import com.hazelcast.cluster.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerRequest.AskRoom;

/**
 * Compares the most bytes of a model that each member would hold with the bytes that the member says it has room for.
 *
 * <pre>
 *   now            primaries of its ranks + its part of the others' backups
 *   one less       with as many copies as members are left, all of the model; otherwise an even part of all copies
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
    /** The bytes that each member holds at most once all of the model is there. */
    private final Map<Member, Long> needed = new LinkedHashMap<>();

    private final Map<Member, MemberReport> reports;
    private long checkedBytes;

    /**
     * Computes what members would hold.
     *
     * @param ranks how many ranks each member would own
     */
    Capacity(
            MemberCalls members,
            String name,
            ModelDefinition model,
            Map<Member, MemberReport> reports,
            Map<Member, Integer> ranks) {
        this.members = members;
        this.name = name;
        this.model = model;
        this.reports = reports;
        reports.forEach(
                (member, report) -> needed.put(member, needed(report, ranks.getOrDefault(member, 0), reports.size())));
    }

    private long needed(MemberReport report, int ranks, int members) {
        long rank = model.heapBytes(0, report.regionBytes());
        long all = rank * model.ranks();
        return Math.max(
                held(rank * ranks, rank, all, report.backups(), members), afterLoss(rank, all, report, members));
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

    /** Checks the rest of a model whenever some more of it is there. */
    void checkSometimes(DeploymentProgress.Part done) {
        if (done.bytes() - checkedBytes >= BYTES_BETWEEN_CHECKS) {
            checkedBytes = done.bytes();
            check(1 - (double) done.bytes() / done.ofBytes());
        }
    }

    /**
     * Asks every member whether it has room for its part of the model.
     *
     * @param part how much of the model is not there yet, from 0 to 1
     * @throws RefusedException if a member has no room; names what each needs and has
     */
    void check(double part) {
        Map<Member, WorkerRequest> questions = new LinkedHashMap<>();
        needed.forEach((member, bytes) -> questions.put(member, new AskRoom((long) (bytes * part))));
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
            long bytes = (long) (part * together.stream().mapToLong(needed::get).sum());
            long there = together.stream().mapToLong(room::get).min().orElse(0);
            fits &= bytes <= there;
            lines.add(String.join(
                            ", ", together.stream().map(DataMembers::address).toList()) + ": " + megabytes(bytes)
                    + (bytes <= there ? " (room: " : " (expected: at most ") + megabytes(there) + ")");
        }
        if (!fits) {
            throw new RefusedException(
                    "model '" + name + "': " + megabytes(model.bytes())
                            + " of weights, of which members would hold, backups"
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
