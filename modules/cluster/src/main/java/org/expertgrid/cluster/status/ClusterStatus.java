package org.expertgrid.cluster.status;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.errors.RefusedException;

/**
 * The members and models of a cluster.
 *
 * @param members every data member, in the order in which they joined
 * @param models every model by name, also those whose deployment has not ended
 * @param health how the models are that can be used, by name
 * @param ofOtherVersions the names of models in the store whose records another version of Expertgrid has written, in order; they can only be
 *     undeployed
 */
public record ClusterStatus(
        List<MemberStatus> members, List<ModelStatus> models, List<ModelHealth> health, List<String> ofOtherVersions) {
    /**
     * Returns how many bytes of weights a member would hold on average after one of them has been lost: every tile once, and again for each
     * backup that there are members for.
     *
     * @return 0 where there is one member or none, and nothing is left to ask about
     */
    public long bytesEachAfterALoss() {
        int left = members.size() - 1;
        long primaries = members.stream().mapToLong(MemberStatus::primaryBytes).sum();
        if (left < 1 || primaries == 0) {
            return 0;
        }
        long backups = members.stream().mapToLong(MemberStatus::backupBytes).sum();
        long copies = Math.min(Math.round((double) backups / primaries), left - 1L);
        return primaries * (1 + copies) / left;
    }

    /**
     * Returns whether every member's heap should hold what comes to it when another one is lost; where it does not, members run out of
     * memory one after the other. An estimate: it takes members to hold about the same.
     */
    public boolean hasRoomForALoss() {
        long each = bytesEachAfterALoss();
        return members.stream().allMatch(member -> each <= member.heapCapacity());
    }

    /**
     * Checks that the other members have room for what a member hands over when it leaves. Where they have not, they run out of memory while
     * they take it. An estimate: it takes each of them to get the same.
     *
     * @param leaving the id of the member; there is nothing to check if it is none of these
     * @throws RefusedException if one of the others has no room; names what each would hold
     */
    public void checkRoomWithout(UUID leaving) {
        List<MemberStatus> others =
                members.stream().filter(member -> !member.id().equals(leaving)).toList();
        if (others.isEmpty() || others.size() == members.size()) {
            return;
        }
        long more = bytesEachAfterALoss()
                - others.stream().mapToLong(ClusterStatus::weights).sum() / others.size();
        List<String> lines = new ArrayList<>();
        boolean fits = true;
        for (MemberStatus other : others) {
            long bytes = weights(other) + Math.max(0, more);
            boolean hasRoom = bytes <= other.heapCapacity();
            fits &= hasRoom;
            lines.add(other.address() + ": " + megabytes(bytes) + (hasRoom ? " (room: " : " (expected: at most ")
                    + megabytes(other.heapCapacity()) + ")");
        }
        if (!fits) {
            throw new RefusedException(
                    "the others have no room for the weights of that member; they would hold, on average:\n  "
                            + String.join("\n  ", lines)
                            + "\n  Undeploy models, or add members and spread the ranks anew, before it leaves.",
                    null);
        }
    }

    private static long weights(MemberStatus member) {
        return member.primaryBytes() + member.backupBytes();
    }

    private static String megabytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MB";
    }
}
