package org.expertgrid.cluster.wire;

import java.util.List;

/**
 * One member: its address, its heap, and the weights that it holds.
 *
 * @param kernels the name of the kernels that it computes with
 * @param processors the processors that its JVM sees
 * @param heapUsed its heap in use, in bytes, garbage included
 * @param heapMaximum the most that its heap may become, in bytes
 * @param heapCapacity the room for weights in its heap when it holds none, in bytes
 * @param regionBytes the size of the regions of its heap; 0 for a heap without regions
 * @param process a number that members of the same JVM share
 * @param backups how many backups of weights its configuration asks for
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
        long heapCapacity,
        int regionBytes,
        long process,
        int backups,
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
    /** What a member has beside weights and tasks. */
    private static final long OTHER_BYTES = 24L << 20;
    /** Of what is free; the rest is for the task that computes, and for answers. */
    private static final int SHARE_OF_TASKS = 4;

    public MemberReport {
        missing = List.copyOf(missing);
    }

    /** Returns how many bytes the tasks may take that wait at the member. */
    public long roomForTasks() {
        return roomForTasks(heapMaximum, primaryBytes + backupBytes);
    }

    /** Returns how many bytes the tasks may take that wait at a member with so large a heap and so many bytes of tiles. */
    public static long roomForTasks(long heapMaximum, long tileBytes) {
        return Math.max(0, heapMaximum - OTHER_BYTES - tileBytes) / SHARE_OF_TASKS;
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
                .putLong(heapCapacity)
                .putInt(regionBytes)
                .putLong(process)
                .putInt(backups)
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
                message.getLong(),
                message.getInt(),
                message.getLong(),
                message.getInt(),
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
