package org.expertgrid.cluster.wire;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.io.InputStream;
import org.expertgrid.cluster.errors.MalformedMessageException;

/**
 * One length-checked run of bytes, which is all that our envelopes hold: Hazelcast's threads copy it, and it is decoded where the
 * task runs or where its caller waits.
 */
public final class Block {
    private Block() {}

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
     * Returns the bytes, or none where the length that is claimed is not there. An exception here would leave the task without
     * anyone to answer for it, and {@code readByteArray} would allocate whatever is claimed.
     */
    public static byte[] read(ObjectDataInput in) throws IOException {
        InputStream stream = (InputStream) in;
        if (stream.available() < Integer.BYTES) {
            return new byte[0];
        }
        int length = in.readInt();
        if (length < 0 || length > stream.available()) {
            return new byte[0];
        }
        byte[] block = new byte[length];
        in.readFully(block);
        return block;
    }

    /** Returns the constant whose ordinal was written as an int. */
    public static <E extends Enum<E>> E readConstant(ObjectDataInput in, E[] constants) throws IOException {
        int ordinal = in.readInt();
        if (ordinal < 0 || ordinal >= constants.length) {
            throw new MalformedMessageException(
                    "constant: " + ordinal + " (expected: 0 to " + (constants.length - 1) + ")");
        }
        return constants[ordinal];
    }
}
