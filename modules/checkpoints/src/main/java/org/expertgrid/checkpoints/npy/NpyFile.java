package org.expertgrid.checkpoints.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;

/**
 * Matrices in NumPy's {@code .npy} files, as {@code numpy.save} and {@code numpy.load} have them.
 *
 * <p>Read are versions 1, 2 and 3 of the format, C and Fortran order, float16, float32 and float64 of either byte order, two
 * dimensions, and one: {@code n} numbers, as a bias is often kept, are a matrix of one row. Anything else is a
 * {@link BadFileException} that says what was found and what is expected. A file is believed only as far as its real
 * size bears it out: nothing is allocated for elements that are not there, and bytes left over are an error too.
 *
 * <p>Safe for use by many threads.
 */
public final class NpyFile {
    private static final int BUFFER_BYTES = 256 * 1024;

    private NpyFile() {}

    /** Something that reads from an open file. */
    interface Reading<T> {
        T from(FileChannel channel) throws IOException;
    }

    /** Takes {@code count} elements from a buffer, which are those from {@code first} on in the file. */
    private interface Elements {
        void put(ByteBuffer buffer, int first, int count);
    }

    /**
     * Returns the matrix in this file, of the element type that the file has; float16 is widened to float32.
     *
     * @throws BadFileException if the file is missing, cannot be read, or does not hold what is described above
     */
    public static Matrix read(Path file) {
        return open(file, channel -> {
            NpyHeader header = NpyHeader.read(file, channel);
            return header.format() == WeightFormat.FLOAT64
                    ? readDoubles(file, channel, header)
                    : readFloats(file, channel, header);
        });
    }

    /**
     * Writes the matrix to this file, byte for byte as {@code numpy.save} does with the same array.
     *
     * <p>The bytes go to a new file in the same folder, which then takes the place of this one in a single step: a
     * reader never sees half a matrix, and a failure leaves what was there before. A symbolic link stays one.
     *
     * @throws BadFileException if the file cannot be written
     */
    public static void write(Path file, Matrix matrix) {
        try {
            boolean exists = Files.exists(file);
            if (exists && !Files.isRegularFile(file)) {
                throw new BadFileException(file + ": cannot be written (expected: a regular file, or none yet)");
            }
            Path target = exists ? file.toRealPath() : file.toAbsolutePath();
            if (!Files.isDirectory(target.getParent())) {
                throw new BadFileException(file + ": cannot be written (expected: an existing folder)");
            }
            Path unfinished = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".unfinished");
            try {
                writeNew(unfinished, matrix);
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new BadFileException(file + ": cannot be written: " + e, e);
        }
    }

    /** Returns what {@code reading} makes of this file; every failure names the file. */
    static <T> T open(Path file, Reading<T> reading) {
        if (!Files.exists(file)) {
            throw new BadFileException(file + ": no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file + ": cannot be read (expected: a regular file)");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reading.from(channel);
        } catch (IOException e) {
            throw new BadFileException(file + ": cannot be read: " + e, e);
        }
    }

    /** Returns the next {@code count} bytes in a little-endian buffer that has an array of just that length. */
    static ByteBuffer readBytes(Path file, FileChannel channel, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(file, channel, bytes);
        return bytes;
    }

    private static void fill(Path file, FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new BadFileException(file + ": became shorter while it was read");
            }
        }
        buffer.flip();
    }

    private static Matrix readDoubles(Path file, FileChannel channel, NpyHeader header) throws IOException {
        double[] values = new double[header.rows() * header.columns()];
        readElements(file, channel, header, (buffer, first, count) -> {
            DoubleBuffer elements = buffer.asDoubleBuffer();
            if (!header.fortranOrder()) {
                elements.get(values, first, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                values[header.placeOf(first + i)] = elements.get(i);
            }
        });
        return Matrix.wrap(header.rows(), header.columns(), values);
    }

    private static Matrix readFloats(Path file, FileChannel channel, NpyHeader header) throws IOException {
        float[] values = new float[header.rows() * header.columns()];
        readElements(file, channel, header, (buffer, first, count) -> {
            if (header.format() == WeightFormat.F16) {
                ShortBuffer codes = buffer.asShortBuffer();
                for (int i = 0; i < count; i++) {
                    values[header.placeOf(first + i)] = WeightFormat.F16.widen(codes.get(i));
                }
                return;
            }
            FloatBuffer elements = buffer.asFloatBuffer();
            if (!header.fortranOrder()) {
                elements.get(values, first, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                values[header.placeOf(first + i)] = elements.get(i);
            }
        });
        return Matrix.wrap(header.rows(), header.columns(), values);
    }

    private static void readElements(Path file, FileChannel channel, NpyHeader header, Elements target)
            throws IOException {
        int elements = header.rows() * header.columns();
        int bytes = header.bytesOfElement();
        int atOnce = Math.min(elements, BUFFER_BYTES / bytes);
        ByteBuffer buffer = ByteBuffer.allocate(atOnce * bytes).order(header.byteOrder());
        for (int first = 0, count; first < elements; first += count) {
            count = Math.min(atOnce, elements - first);
            fill(file, channel, buffer.clear().limit(count * bytes));
            target.put(buffer, first, count);
        }
    }

    private static void writeNew(Path file, Matrix matrix) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            drain(channel, ByteBuffer.wrap(NpyHeader.bytesFor(matrix)));
            int atOnce = BUFFER_BYTES / matrix.elementType().bytes();
            int columnsAtOnce = Math.min(Math.max(1, matrix.columns()), atOnce);
            int rowsAtOnce = atOnce / columnsAtOnce;
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0, height; row < matrix.rows(); row += height) {
                height = Math.min(rowsAtOnce, matrix.rows() - row);
                Matrix rows = matrix.rowRange(row, row + height);
                for (int column = 0, width; column < matrix.columns(); column += width) {
                    width = Math.min(columnsAtOnce, matrix.columns() - column);
                    rows.columnRange(column, column + width).putInto(buffer.clear());
                    drain(channel, buffer.flip());
                }
            }
            channel.force(true);
        }
    }

    private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
