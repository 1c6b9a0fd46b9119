package org.expertgrid.cluster.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which ranks of every deployment one member can answer for, and how its partitions are.
 *
 * @param safe whether its partitions have all their backups
 * @param partitionsMoving how many partitions are still being moved between members, as far as it knows
 * @param backups how many backups its configuration asks for
 * @param served the numbers of the ranks of which it owns all shards, by deployment; all ranks where a store keeps the shards
 */
public record RanksReport(boolean safe, int partitionsMoving, int backups, Map<UUID, List<Integer>> served)
        implements Report {
    static final int KIND = 4;

    private static final int DEPLOYMENT_BYTES = 2 * Long.BYTES + Integer.BYTES;

    public RanksReport {
        served = Map.copyOf(served);
    }

    /** Returns the numbers of the ranks of one deployment that it can answer for. */
    public List<Integer> servedOf(UUID deployment) {
        return served.getOrDefault(deployment, List.of());
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void putInto(MessageBuffer message) {
        message.putBoolean(safe).putInt(partitionsMoving).putInt(backups).putInt(served.size());
        served.forEach((deployment, ranks) -> {
            message.putUuid(deployment).putInt(ranks.size());
            ranks.forEach(message::putInt);
        });
    }

    static RanksReport getFrom(MessageBuffer message) {
        boolean safe = message.getBoolean();
        int moving = message.getInt();
        int backups = message.getInt();
        Map<UUID, List<Integer>> served = new HashMap<>();
        for (int left = message.getCount(DEPLOYMENT_BYTES); left > 0; left--) {
            served.put(message.getUuid(), message.getList(Integer.BYTES, MessageBuffer::getInt));
        }
        return new RanksReport(safe, moving, backups, served);
    }
}
