package org.expertgrid.checkpoints.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.expertgrid.experts.errors.BadFileException;

/**
 * One tensor of a safetensors file: its name, type and shape, and where its elements are. The elements stay in the file until
 * they are read.
 *
 * <p>A tensor holds no open file. Each read opens the file and checks that it is still the one whose header was read.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Tensor {
    /** A read of a heap buffer copies through native memory of the same size, so the buffer is filled in pieces. */
    private static final int BYTES_AT_ONCE = 1 << 20;

    private final FileVersion file;
    private final String name;
    private final TensorType type;
    private final List<Long> shape;
    private final long position;
    private final long bytes;

    Tensor(FileVersion file, String name, TensorType type, List<Long> shape, long position, long bytes) {
        this.file = file;
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.position = position;
        this.bytes = bytes;
    }

    /** Returns the file that holds the elements. */
    public Path file() {
        return file.path();
    }

    /** Returns the name of the tensor in the file. */
    public String name() {
        return name;
    }

    /** Returns the type of the elements. */
    public TensorType type() {
        return type;
    }

    /** Returns the sizes of the dimensions, the slowest first; none for a single number. */
    public List<Long> shape() {
        return shape;
    }

    /** Returns the size of all elements in bytes. */
    public long bytes() {
        return bytes;
    }

    /**
     * Returns all elements, in a little-endian heap buffer that the caller may change.
     *
     * @throws BadFileException if the file cannot be read, or has changed since its header was read, or if the tensor is larger than
     *     a Java array
     */
    public ByteBuffer read() {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw BadFileException.expected(
                    file(), "tensor " + name, bytes + " bytes", "at most a Java array's length where it is read whole");
        }
        return read(0, (int) bytes);
    }

    /**
     * Returns {@code count} bytes of the elements, from byte {@code offset} on, in a little-endian heap buffer that the caller may
     * change.
     *
     * @throws BadFileException if the file cannot be read, or has changed since its header was read
     * @throws IndexOutOfBoundsException if the tensor does not have these bytes
     */
    public ByteBuffer read(long offset, int count) {
        Objects.checkFromIndexSize(offset, count, bytes);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            file.expectUnchanged(channel);
            ByteBuffer elements = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
            fill(channel, elements, position + offset);
            return elements;
        } catch (IOException e) {
            throw new BadFileException(file() + ": cannot be read: " + e, e);
        }
    }

    private void fill(FileChannel channel, ByteBuffer elements, long from) throws IOException {
        int count = elements.capacity();
        while (elements.position() < count) {
            elements.limit(Math.min(count, elements.position() + BYTES_AT_ONCE));
            if (channel.read(elements, from + elements.position()) < 0) {
                throw new BadFileException(file() + ": became shorter while it was read");
            }
        }
        elements.flip();
    }

    @Override
    public String toString() {
        return name + " " + type + " " + shape;
    }
}
