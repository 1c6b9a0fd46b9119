package org.expertgrid.cluster.wire;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.OptionalInt;
import org.expertgrid.cluster.workarounds.AvailableBytes;

/**
 * A length and that many bytes, the only content of our envelopes. Hazelcast's threads copy a block; it is decoded where the task
 * runs or where its caller waits.
 */
public final class Block {
    private static final int STEP_BYTES = 1 << 16;

    private Block() {}

    /** Writes the parts as one block. */
    public static void write(ObjectDataOutput out, byte[]... parts) throws IOException {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        out.writeInt(length);
        for (byte[] part : parts) {
            out.write(part);
        }
    }

    /**
     * Returns the bytes of a block, or none where fewer are there than it claims. An exception would leave the task without a reply,
     * because it is thrown before there is a task. No more is allocated than is there.
     */
    public static byte[] read(ObjectDataInput in) throws IOException {
        OptionalInt left = AvailableBytes.in(in);
        return left.isPresent() ? read(in, left.getAsInt()) : readInSteps(in);
    }

    private static byte[] read(ObjectDataInput in, int left) throws IOException {
        int length = left < Integer.BYTES ? -1 : in.readInt();
        if (length < 0 || length > left - Integer.BYTES) {
            return new byte[0];
        }
        byte[] block = new byte[length];
        in.readFully(block);
        return block;
    }

    private static byte[] readInSteps(ObjectDataInput in) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        try {
            for (int left = in.readInt(); left > 0; left -= STEP_BYTES) {
                byte[] step = new byte[Math.min(left, STEP_BYTES)];
                in.readFully(step);
                block.write(step);
            }
            return block.toByteArray();
        } catch (EOFException e) {
            return new byte[0];
        }
    }
}
