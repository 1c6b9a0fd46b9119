package org.expertgrid.benchmarks.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Buffers that hold many rows, in little endian, and go to a file when they are full. */
final class RowBuffer {
    private static final int BYTES = 1 << 20;

    private RowBuffer() {}

    static ByteBuffer allocate(long rowBytes) {
        return ByteBuffer.allocateDirect((int) Math.max(BYTES, rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    static void makeRoom(ByteBuffer buffer, int bytes, FileChannel channel) throws IOException {
        if (buffer.remaining() < bytes) {
            drain(buffer, channel);
        }
    }

    static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
