package org.expertgrid.cluster.store;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.expertgrid.experts.errors.BadFileException;

/**
 * An entry of a map, in a file of its own: its key, so that a file which was renamed is not taken for another's, and its value,
 * both under a checksum. Numbers are big-endian.
 *
 * <pre>
 *   offset   0       4         8            12             16                                      20    20 + k
 *            magic   version   k, of key    v, of value    CRC32C of all before it and behind it   key   value
 * </pre>
 *
 * <p>Entries are read and written without channels, which an interrupt would close: a member that is stopping interrupts the
 * threads that others still wait for. Only a folder can be forced to the disk in no other way.
 */
public record EntryFile(byte[] key, byte[] value) {
    /** The suffix of a file's name until the file is complete. */
    static final String UNFINISHED = ".unfinished";

    static final int HEADER_BYTES = 20;

    private static final int MAGIC = 0x58474546;
    private static final int VERSION = 1;

    /**
     * Writes a file in a single step: a reader, also after a crash, finds the old file or the whole new one.
     *
     * @param value one or more parts, which follow each other
     */
    static void write(Path file, byte[] key, byte[]... value) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + UNFINISHED);
        try {
            try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
                out.write(header(key, value));
                out.write(key);
                for (byte[] part : value) {
                    out.write(part);
                }
                out.getFD().sync();
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException alsoThrown) {
                e.addSuppressed(alsoThrown);
            }
            throw e;
        }
        syncFolder(file.getParent());
    }

    /** Returns whether this is a file that is being written, or was when its writer died. */
    public static boolean isUnfinished(Path file) {
        return file.getFileName().toString().endsWith(UNFINISHED);
    }

    private static byte[] header(byte[] key, byte[]... value) {
        int length = 0;
        CRC32C checksum = new CRC32C();
        for (byte[] part : value) {
            length = Math.addExact(length, part.length);
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putInt(key.length)
                .putInt(length);
        checksum.update(header.array(), 0, header.position());
        checksum.update(key);
        for (byte[] part : value) {
            checksum.update(part);
        }
        return header.putInt((int) checksum.getValue()).array();
    }

    /** Makes a new or another name in a folder last, where the system can do that. */
    static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException | ClosedByInterruptException e) {
            // Some systems do not open folders, and a member that is stopping does not wait. The names are there all
            // the
            // same, unless the power fails now.
        }
    }

    /**
     * Returns what a file holds, or nothing if there is no such file. Nothing is allocated for bytes that are not there.
     *
     * @throws BadFileException if it cannot be read, or is not as it was written
     */
    public static Optional<EntryFile> read(Path file) {
        // The length of the open file: a writer may put another file in its place meanwhile.
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            return Optional.of(read(file, in, in.length()));
        } catch (FileNotFoundException e) {
            if (Files.notExists(file)) {
                return Optional.empty();
            }
            throw new BadFileException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BadFileException(file + ": cannot be read: " + e, e);
        }
    }

    private static EntryFile read(Path file, RandomAccessFile in, long size) throws IOException {
        check(size >= HEADER_BYTES, file, "length", size, "at least " + HEADER_BYTES);
        ByteBuffer header = ByteBuffer.wrap(readFully(in, HEADER_BYTES));
        int magic = header.getInt();
        check(magic == MAGIC, file, "first bytes", hex(magic), hex(MAGIC));
        int version = header.getInt();
        check(version == VERSION, file, "version", version, Integer.toString(VERSION));
        int keyLength = header.getInt();
        int valueLength = header.getInt();
        long expected = (long) HEADER_BYTES + keyLength + valueLength;
        check(keyLength >= 0 && valueLength >= 0 && expected == size, file, "length", size, expected + ", as it says");
        byte[] key = readFully(in, keyLength);
        byte[] value = readFully(in, valueLength);
        int checksum = header.getInt();
        int computed = ByteBuffer.wrap(header(key, value)).getInt(HEADER_BYTES - Integer.BYTES);
        check(checksum == computed, file, "checksum", hex(computed), hex(checksum) + ", as it says");
        return new EntryFile(key, value);
    }

    private static byte[] readFully(RandomAccessFile in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void check(boolean holds, Path file, String name, Object value, String expectation) {
        if (!holds) {
            throw new BadFileException(file + ": damaged, " + name + ": " + value + " (expected: " + expectation + ")");
        }
    }

    private static String hex(int bits) {
        return String.format("%08x", bits);
    }
}
