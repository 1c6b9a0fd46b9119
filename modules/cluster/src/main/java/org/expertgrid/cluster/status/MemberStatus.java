package org.expertgrid.cluster.status;

import java.time.Duration;
import java.util.UUID;

/**
 * One member: its address, its heap, and the weights that it holds, as of its answer.
 *
 * @param id Hazelcast's id of the member
 * @param address where it listens
 * @param kernels the kernels it computes with
 * @param processors the processors its JVM sees
 * @param heapUsed its heap in use, in bytes, garbage included
 * @param heapMaximum the most its heap may become, in bytes
 * @param heapCapacity the room for weights in its heap when it holds none, in bytes
 * @param tiles how many tiles of weights it holds, primaries and backups
 * @param primaryBytes the shards it owns in the grid, of all models
 * @param backupBytes the shards it keeps for others
 * @param tasks tasks it has computed since it started, those of a caller on the same member included
 * @param decoding time in reading tasks that came from elsewhere
 * @param computing time in computing
 * @param encoding time in writing answers that went elsewhere
 * @param storing whether it keeps shards and models in a store ({@link org.expertgrid.cluster.ExpertgridConfig#storeIn})
 */
public record MemberStatus(
        UUID id,
        String address,
        String kernels,
        int processors,
        long heapUsed,
        long heapMaximum,
        long heapCapacity,
        int tiles,
        long primaryBytes,
        long backupBytes,
        long tasks,
        Duration decoding,
        Duration computing,
        Duration encoding,
        boolean storing) {}
