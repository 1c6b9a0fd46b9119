package org.expertgrid.cluster.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.Codes;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * The bytes of one message, little-endian. It grows as values are put; every get checks first that the bytes are there, and nothing
 * is allocated for a count that exceeds them.
 *
 * <p>A get throws {@link MalformedMessageException} where the bytes are not what is asked for. For one thread.
 */
public final class MessageBuffer {
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private ByteBuffer bytes;

    private MessageBuffer(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns an empty buffer that has room for that many bytes before it grows.
     *
     * @throws IllegalArgumentException if no array can have so many
     */
    public static MessageBuffer withRoom(long bytes) {
        if (bytes > LONGEST) {
            throw new IllegalArgumentException("message: " + bytes + " bytes (expected: at most " + LONGEST
                    + ", the most that an array holds; forward fewer rows at once)");
        }
        return new MessageBuffer(ByteBuffer.allocate((int) bytes));
    }

    /** Returns a buffer to read from. */
    public static MessageBuffer of(byte[] message) {
        return new MessageBuffer(ByteBuffer.wrap(message));
    }

    /** Returns what was put; without a copy where the room is used up. */
    public byte[] toArray() {
        return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    }

    private ByteBuffer room(long needed) {
        if (bytes.remaining() < needed) {
            long grown = Math.min(LONGEST, Math.max(2L * bytes.capacity(), bytes.position() + needed));
            MessageBuffer larger = withRoom(Math.max(grown, bytes.position() + needed));
            larger.bytes.put(bytes.flip());
            bytes = larger.bytes;
        }
        return bytes;
    }

    private ByteBuffer there(long needed) {
        if (bytes.remaining() < needed) {
            throw truncated();
        }
        return bytes;
    }

    private MalformedMessageException truncated() {
        return new MalformedMessageException("message: ends after " + bytes.limit() + " bytes (expected: more)");
    }

    public MessageBuffer putByte(int value) {
        room(1).put((byte) value);
        return this;
    }

    public MessageBuffer putInt(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public MessageBuffer putLong(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public MessageBuffer putDouble(double value) {
        return putLong(Double.doubleToRawLongBits(value));
    }

    public MessageBuffer putBoolean(boolean value) {
        return putByte(value ? 1 : 0);
    }

    public MessageBuffer putUuid(UUID uuid) {
        return putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    }

    /** Puts the length in bytes and the text as UTF-8. */
    public MessageBuffer putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return putInt(utf8.length).putBytes(utf8);
    }

    MessageBuffer putBytes(byte[] block) {
        room(block.length).put(block);
        return this;
    }

    /** Puts the element type, the rows, the columns and the elements. */
    public MessageBuffer putMatrix(Matrix matrix) {
        putByte(Codes.ELEMENT_TYPES.of(matrix.elementType()));
        putInt(matrix.rows()).putInt(matrix.columns());
        matrix.putInto(room(matrix.bytes()));
        return this;
    }

    /** Returns the bytes that {@link #putMatrix} puts. */
    static long bytesOf(Matrix matrix) {
        return 1 + 2 * Integer.BYTES + matrix.bytes();
    }

    public MessageBuffer putInts(int[] values) {
        ByteBuffer target = room((long) values.length * Integer.BYTES);
        target.asIntBuffer().put(values);
        target.position(target.position() + values.length * Integer.BYTES);
        return this;
    }

    MessageBuffer putDoubles(double[] values) {
        ByteBuffer target = room((long) values.length * Double.BYTES);
        target.asDoubleBuffer().put(values);
        target.position(target.position() + values.length * Double.BYTES);
        return this;
    }

    public int getByte() {
        return there(1).get();
    }

    public int getInt() {
        return there(Integer.BYTES).getInt();
    }

    public long getLong() {
        return there(Long.BYTES).getLong();
    }

    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    public boolean getBoolean() {
        return getByte() != 0;
    }

    public UUID getUuid() {
        return new UUID(getLong(), getLong());
    }

    public String getText() {
        byte[] utf8 = new byte[getCount(1)];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    int[] getInts(int count) {
        int[] values = new int[count];
        there((long) count * Integer.BYTES).asIntBuffer().get(values);
        bytes.position(bytes.position() + count * Integer.BYTES);
        return values;
    }

    double[] getDoubles(int count) {
        double[] values = new double[count];
        there((long) count * Double.BYTES).asDoubleBuffer().get(values);
        bytes.position(bytes.position() + count * Double.BYTES);
        return values;
    }

    /** Returns a count of things that take at least that many bytes each, all of which are there. */
    public int getCount(int bytesEach) {
        int count = getInt();
        if (count < 0 || (long) count * bytesEach > bytes.remaining()) {
            throw new MalformedMessageException("count: " + count + " (expected: 0 to " + bytes.remaining() / bytesEach
                    + ", what the remaining bytes hold)");
        }
        return count;
    }

    /** Returns a count and that many things. */
    public <T> List<T> getList(int bytesEach, Function<MessageBuffer, T> one) {
        int count = getCount(bytesEach);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(one.apply(this));
        }
        return list;
    }

    /** Returns what {@link #putMatrix} put. */
    public Matrix getMatrix() {
        ElementType type = Codes.ELEMENT_TYPES.constant(getByte());
        int rows = getInt();
        // Rows without columns take no bytes, so any number of them could be claimed.
        int columns = notEmpty("columns", getInt());
        try {
            return Matrix.getFrom(bytes, type, rows, columns);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage());
        } catch (BufferUnderflowException e) {
            throw truncated();
        }
    }

    /** Returns the rows that {@link #putMatrix} put last in the message; the elements are not copied. */
    ResultRows getResult() {
        ElementType type = Codes.ELEMENT_TYPES.constant(getByte());
        int rows = getInt();
        int columns = getInt();
        ByteBuffer elements = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (rows < 0 || columns < 0 || (long) rows * columns * type.bytes() != elements.remaining()) {
            throw new MalformedMessageException("result: " + rows + " x " + columns + " in " + elements.remaining()
                    + " bytes (expected: as many elements as there are bytes for)");
        }
        bytes.position(bytes.limit());
        return new ResultRows(type, rows, columns, null, elements);
    }

    static int notEmpty(String name, int count) {
        if (count == 0) {
            throw new MalformedMessageException(name + ": 0 (expected: at least 1)");
        }
        return count;
    }

    /** Throws if bytes are left. */
    public void checkEnd() {
        if (bytes.hasRemaining()) {
            throw new MalformedMessageException(
                    "message: " + bytes.remaining() + " bytes behind its end (expected: none)");
        }
    }
}
