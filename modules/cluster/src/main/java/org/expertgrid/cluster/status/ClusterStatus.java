package org.expertgrid.cluster.status;

import java.util.List;

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
}
