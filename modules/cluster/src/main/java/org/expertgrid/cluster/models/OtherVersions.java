package org.expertgrid.cluster.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Reads from a record that another version of Expertgrid has written what undeploying needs: the ids that files of its shards and routers
 * are named by. Every version writes ids as they are, wherever they are in a record.
 */
final class OtherVersions {
    private OtherVersions() {}

    /**
     * Returns the record that stands for such a record.
     *
     * @param bytes as the other version has written them
     * @param ids those that files of the store are named by
     */
    static ModelRecord record(byte[] bytes, Collection<UUID> ids) {
        List<UUID> named = ids.stream().filter(id -> isIn(bytes, id)).sorted().toList();
        // The same whenever it is read: a change is made only where the record is still the one that was seen.
        return ModelRecord.ofOtherVersion(UUID.nameUUIDFromBytes(bytes), named);
    }

    private static boolean isIn(byte[] bytes, UUID id) {
        return isIn(bytes, id, ByteOrder.LITTLE_ENDIAN) || isIn(bytes, id, ByteOrder.BIG_ENDIAN);
    }

    private static boolean isIn(byte[] bytes, UUID id, ByteOrder order) {
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(order);
        for (int at = 0; at + 2 * Long.BYTES <= bytes.length; at++) {
            if (numbers.getLong(at) == id.getMostSignificantBits()
                    && numbers.getLong(at + Long.BYTES) == id.getLeastSignificantBits()) {
                return true;
            }
        }
        return false;
    }
}
