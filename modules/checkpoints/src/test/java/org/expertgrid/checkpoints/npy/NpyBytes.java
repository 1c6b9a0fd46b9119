package org.expertgrid.checkpoints.npy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds the bytes of a {@code .npy} file by hand, right or wrong. */
public final class NpyBytes {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private NpyBytes() {}

    /** Returns a file of this version and header text, with these bytes after it. */
    public static byte[] file(int version, String header, byte... elements) {
        return file(version, header.length(), header, elements);
    }

    /** Returns a file that claims a length of its header. */
    public static byte[] file(int version, long claimedLength, String header, byte... elements) {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        length.putInt(0, (int) claimedLength).limit(version == 1 ? 2 : 4);
        byte[] lengthBytes = new byte[length.limit()];
        length.get(lengthBytes);
        return concatenate(
                MAGIC,
                new byte[] {(byte) version, 0},
                lengthBytes,
                header.getBytes(StandardCharsets.ISO_8859_1),
                elements);
    }

    static byte[] doubles(ByteOrder order, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(order);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(order);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    static byte[] shorts(ByteOrder order, short... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(order);
        bytes.asShortBuffer().put(values);
        return bytes.array();
    }

    static byte[] concatenate(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
