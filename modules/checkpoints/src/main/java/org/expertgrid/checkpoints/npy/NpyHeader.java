package org.expertgrid.checkpoints.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;

/**
 * The header of a {@code .npy} file: it describes the array that follows it.
 *
 * @param format what the elements are stored as: FLOAT64, FLOAT32 or F16
 * @param dimensions 1 or 2; an array of one dimension is a matrix of one row
 */
record NpyHeader(
        WeightFormat format, ByteOrder byteOrder, boolean fortranOrder, int dimensions, int rows, int columns) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** Magic, two bytes of version, and the length of the text, which is two bytes in version 1 and four after it. */
    private static final int PREFIX_1 = 10;

    private static final int PREFIX_2 = 12;
    private static final int LONGEST_TEXT = 10_000;
    private static final int ALIGNMENT = 64;
    /** NumPy leaves room for a first dimension of so many digits, so that a file can grow in place. */
    private static final int ROOM_FOR_DIGITS = 21;

    /** Returns the header of this file, having checked it against the file's size; the elements are not read. */
    static NpyHeader read(Path file) {
        return NpyFile.open(file, channel -> read(file, channel));
    }

    /** Returns the header that the channel begins with, checked against the file's size; what follows are the elements. */
    static NpyHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        checkPrefixSize(file, size, PREFIX_1);
        ByteBuffer prefix = NpyFile.readBytes(file, channel, PREFIX_1);
        byte[] magic = Arrays.copyOf(prefix.array(), MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw problem(file, "begins with", hex(magic), hex(MAGIC) + ", as every .npy file does");
        }
        byte major = prefix.get(6);
        byte minor = prefix.get(7);
        if (major < 1 || major > 3 || minor != 0) {
            throw problem(file, "version", major + "." + minor, "1.0, 2.0 or 3.0");
        }
        long textLength = Short.toUnsignedLong(prefix.getShort(8));
        if (major > 1) {
            checkPrefixSize(file, size, PREFIX_2);
            textLength |=
                    Short.toUnsignedLong(NpyFile.readBytes(file, channel, 2).getShort()) << 16;
        }
        if (textLength > LONGEST_TEXT) {
            throw problem(file, "header length", textLength, "at most " + LONGEST_TEXT);
        }
        if (textLength > size - channel.position()) {
            throw problem(
                    file, "header length", textLength, "at most the " + (size - channel.position()) + " bytes left");
        }
        byte[] text = NpyFile.readBytes(file, channel, (int) textLength).array();
        Charset charset = major < 3 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        NpyHeader header = NpyHeaderText.parse(file, new String(text, charset));
        header.checkElementBytes(file, size - channel.position());
        return header;
    }

    /** Returns the size of an element in the file. */
    int bytesOfElement() {
        return format.bits() / Byte.SIZE;
    }

    /** Returns where the element that comes {@code index}-th in the file has its place in a row-major array. */
    int placeOf(int index) {
        return fortranOrder ? index % rows * columns + index / rows : index;
    }

    private static void checkPrefixSize(Path file, long size, int needed) {
        if (size < needed) {
            throw problem(file, "size", size + " bytes", "at least " + needed);
        }
    }

    private void checkElementBytes(Path file, long present) {
        long claimed = (long) rows * columns * bytesOfElement();
        if (claimed != present) {
            throw problem(
                    file,
                    "size",
                    present + " bytes after the header",
                    claimed + ", " + rows + " x " + columns + " elements of " + bytesOfElement() + " bytes");
        }
    }

    /** Returns the header, in NumPy's own bytes, of the file that {@link NpyFile#write} makes of this matrix. */
    static byte[] bytesFor(Matrix matrix) {
        String text = "{'descr': '<f" + matrix.elementType().bytes() + "', 'fortran_order': False, 'shape': ("
                + matrix.rows() + ", " + matrix.columns() + "), }";
        text += " ".repeat(ROOM_FOR_DIGITS - String.valueOf(matrix.rows()).length());
        int unpadded = PREFIX_1 + text.length() + 1;
        text += " ".repeat(ALIGNMENT - unpadded % ALIGNMENT) + "\n";
        return ByteBuffer.allocate(PREFIX_1 + text.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length())
                .put(text.getBytes(StandardCharsets.ISO_8859_1))
                .array();
    }

    /** Returns the exception for something in this file that is not as it has to be. */
    static BadFileException problem(Path file, String name, Object found, String expected) {
        return new BadFileException(file + ": " + name + ": " + found + " (expected: " + expected + ")");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
