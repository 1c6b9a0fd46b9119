package org.expertgrid.cluster.wire;

import java.util.List;

/**
 * What one member is and holds.
 *
 * @param kernels the name of the kernels that it computes with
 * @param processors the processors that its JVM sees
 * @param heapUsed its heap in use, in bytes, garbage included
 * @param heapMaximum the most that its heap may become, in bytes
 * @param tiles how many tiles of weights it holds, primaries and backups
 * @param primaryBytes the bytes of the tiles that it owns, of all models
 * @param backupBytes the bytes of the tiles that it keeps as backups
 * @param tasks the tasks that it has computed since it started
 * @param decodingNanos the time in decoding tasks
 * @param computingNanos the time in computing
 * @param encodingNanos the time in encoding answers
 * @param storing whether it keeps shards and models in a store
 * @param missing what its configuration lacks, in words; empty where it lacks nothing
 */
public record MemberReport(
        String kernels,
        int processors,
        long heapUsed,
        long heapMaximum,
        int tiles,
        long primaryBytes,
        long backupBytes,
        long tasks,
        long decodingNanos,
        long computingNanos,
        long encodingNanos,
        boolean storing,
        List<String> missing)
        implements Report {
    static final int KIND = 3;

    public MemberReport {
        missing = List.copyOf(missing);
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public void putInto(MessageBuffer message) {
        message.putText(kernels)
                .putInt(processors)
                .putLong(heapUsed)
                .putLong(heapMaximum)
                .putInt(tiles)
                .putLong(primaryBytes)
                .putLong(backupBytes)
                .putLong(tasks)
                .putLong(decodingNanos)
                .putLong(computingNanos)
                .putLong(encodingNanos)
                .putBoolean(storing)
                .putInt(missing.size());
        missing.forEach(message::putText);
    }

    static MemberReport getFrom(MessageBuffer message) {
        return new MemberReport(
                message.getText(),
                message.getInt(),
                message.getLong(),
                message.getLong(),
                message.getInt(),
                message.getLong(),
                message.getLong(),
                message.getLong(),
                message.getLong(),
                message.getLong(),
                message.getLong(),
                message.getBoolean(),
                message.getList(Integer.BYTES, MessageBuffer::getText));
    }
}
