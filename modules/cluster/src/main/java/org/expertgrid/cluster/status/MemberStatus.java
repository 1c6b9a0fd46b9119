package org.expertgrid.cluster.status;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.wire.WorkerReply;

/**
 * What one member is and holds, as it said when it was asked.
 *
 * @param id Hazelcast's id of the member
 * @param address where it listens
 * @param kernels the kernels it computes with
 * @param processors the processors its JVM sees
 * @param heapUsed its heap in use, in bytes, garbage included
 * @param heapMaximum the most its heap may become, in bytes
 * @param slices how many weight slices it holds packed
 * @param packedBytes the memory of those
 * @param primaryBytes the shards it owns in the grid, of all models
 * @param backupBytes the shards it keeps for others
 * @param tasks tasks it has computed since it started, those of a caller on the same member included
 * @param decoding time in reading tasks that came from elsewhere
 * @param computing time in computing
 * @param encoding time in writing answers that went elsewhere
 * @param storing whether it keeps shards and models in a store ({@link ExpertgridConfig#storeIn})
 */
public record MemberStatus(
        UUID id,
        String address,
        String kernels,
        int processors,
        long heapUsed,
        long heapMaximum,
        int slices,
        long packedBytes,
        long primaryBytes,
        long backupBytes,
        long tasks,
        Duration decoding,
        Duration computing,
        Duration encoding,
        boolean storing) {

    private static final int NUMBERS = 12;

    /** The numbers of a status as a worker answers them; {@link #of} reads them in the same order. */
    public static List<Long> numbers(long... numbers) {
        if (numbers.length != NUMBERS) {
            throw new AssertionError(numbers.length + " numbers");
        }
        return LongStream.of(numbers).boxed().toList();
    }

    public static MemberStatus of(UUID id, String address, WorkerReply reply) {
        List<Long> numbers = reply.numbers();
        return new MemberStatus(
                id,
                address,
                reply.message().lines().findFirst().orElse(""),
                Math.toIntExact(numbers.get(0)),
                numbers.get(1),
                numbers.get(2),
                Math.toIntExact(numbers.get(3)),
                numbers.get(4),
                numbers.get(5),
                numbers.get(6),
                numbers.get(7),
                Duration.ofNanos(numbers.get(8)),
                Duration.ofNanos(numbers.get(9)),
                Duration.ofNanos(numbers.get(10)),
                numbers.get(11) != 0);
    }
}
