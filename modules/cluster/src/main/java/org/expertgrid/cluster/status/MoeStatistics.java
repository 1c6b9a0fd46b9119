package org.expertgrid.cluster.status;

import java.time.Duration;
import java.util.List;

/**
 * A snapshot of one handle's counters since it was made.
 *
 * @param forwards forwards that were answered
 * @param rows their rows
 * @param rowsPerExpert how many rows went to each expert
 * @param bytesOut bytes of tasks given to Hazelcast for other members
 * @param bytesIn bytes of answers taken from other members
 * @param retries how often tasks had to be sent again, all those of one forward that were sent at the same time counted once
 * @param hedges tasks that went to holders of backups because an answer was late
 * @param hedgesWon those of them whose answers were used
 * @param hedgesWasted those of them whose answers were not used
 * @param routing time in the router
 * @param encoding time in making tasks and giving them to Hazelcast
 * @param waiting time in waiting for other members, own computing not counted
 * @param combining time in decoding answers and putting them together
 */
public record MoeStatistics(
        long forwards,
        long rows,
        List<Long> rowsPerExpert,
        long bytesOut,
        long bytesIn,
        long retries,
        long hedges,
        long hedgesWon,
        long hedgesWasted,
        Duration routing,
        Duration encoding,
        Duration waiting,
        Duration combining) {
    public MoeStatistics {
        rowsPerExpert = List.copyOf(rowsPerExpert);
    }
}
