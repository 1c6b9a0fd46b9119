package org.expertgrid.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.expertgrid.cluster.Models;
import org.expertgrid.experts.errors.BadFileException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryFileTest {
    private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7};
    private static final byte[] VALUE = bytes(new SplittableRandom(5), 300);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeOne() throws IOException {
        file = folder.resolve("entry");
        EntryFile.write(file, KEY, Arrays.copyOf(VALUE, 100), Arrays.copyOfRange(VALUE, 100, VALUE.length));
    }

    @Test
    void aWrittenEntryIsReadAndIsTheOnlyFileInTheFolder() throws IOException {
        EntryFile entry = EntryFile.read(file).orElseThrow();
        assertThat(entry.key()).isEqualTo(KEY);
        assertThat(entry.value()).isEqualTo(VALUE);
        assertThat(names()).containsExactly("entry");
    }

    @Test
    void anEntryTakesTheOthersPlaceInOneStep() throws IOException {
        EntryFile.write(file, KEY, new byte[] {9});
        assertThat(EntryFile.read(file).orElseThrow().value()).isEqualTo(new byte[] {9});
        assertThat(names()).containsExactly("entry");
    }

    /** The length that is checked must be the one of the file that is read, not of the one that takes its place meanwhile. */
    @Test
    @Tag("slow")
    void anEntryThatIsReplacedWhileItIsReadIsNeverCalledDamaged() throws Exception {
        byte[] shorter = Files.readAllBytes(file);
        EntryFile.write(file, KEY, bytes(new SplittableRandom(6), 900));
        byte[] longer = Files.readAllBytes(file);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> replace(List.of(shorter, longer), 5_000));
        while (!writer.isDone()) {
            assertThat(EntryFile.read(file)).isPresent();
        }
        writer.get();
    }

    private void replace(List<byte[]> contents, int times) {
        Path next = folder.resolve("next");
        try {
            for (int i = 0; i < times; i++) {
                Files.write(next, contents.get(i % contents.size()));
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void emptyKeysAndValuesAreEntriesToo() throws IOException {
        EntryFile.write(file, new byte[0]);
        EntryFile entry = EntryFile.read(file).orElseThrow();
        assertThat(entry.key()).isEmpty();
        assertThat(entry.value()).isEmpty();
    }

    @Test
    void noFileIsNoEntry() {
        assertThat(EntryFile.read(folder.resolve("another"))).isEmpty();
        assertThat(EntryFile.read(folder.resolve("no-folder").resolve("another")))
                .isEmpty();
    }

    @Test
    void aFolderIsNoEntryButAnError() {
        assertThatThrownBy(() -> EntryFile.read(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(folder + ": cannot be read");
    }

    @Test
    void oneChangedBitAnywhereIsFound() throws IOException {
        SplittableRandom random = Models.random(81);
        byte[] good = Files.readAllBytes(file);
        assertThat(good).hasSize(EntryFile.HEADER_BYTES + KEY.length + VALUE.length);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            assertRefused("byte " + i);
        }
    }

    @Test
    void manyChangedBytesAreFound() throws IOException {
        SplittableRandom random = Models.random(82);
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            int from = random.nextInt(bad.length);
            byte[] noise = bytes(random, 1 + random.nextInt(bad.length - from));
            System.arraycopy(noise, 0, bad, from, noise.length);
            if (!Arrays.equals(good, bad)) {
                Files.write(file, bad);
                assertRefused(noise.length + " bytes from " + from);
            }
        }
    }

    @Test
    void aFileThatEndsEarlyOrLateIsFound() throws IOException {
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length <= good.length + 20; length++) {
            if (length != good.length) {
                Files.write(file, Arrays.copyOf(good, length));
                assertRefused("length " + length);
            }
        }
    }

    @Test
    void lengthsThatLieAllocateNothing() throws IOException {
        byte[] good = Files.readAllBytes(file);
        for (int offset : List.of(8, 12)) {
            for (int length : List.of(-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30)) {
                byte[] bad = good.clone();
                ByteBuffer.wrap(bad).putInt(offset, length);
                Files.write(file, bad);
                assertThatThrownBy(() -> EntryFile.read(file))
                        .isInstanceOf(BadFileException.class)
                        .hasMessageStartingWith(file + ": damaged, length: " + good.length + " (expected: ");
            }
        }
    }

    @Test
    void aWriteThatFailsLeavesWhatWasThereAndNoUnfinishedFile() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.createFile(taken.resolve("something"));
        assertThatThrownBy(() -> EntryFile.write(taken, KEY, VALUE)).isInstanceOf(IOException.class);
        assertThat(names()).containsExactly("entry", "taken");
    }

    @Test
    void anInterruptedThreadReadsAndWritesAllTheSame() throws IOException {
        Thread.currentThread().interrupt();
        try {
            EntryFile.write(file, KEY, new byte[] {8});
            assertThat(EntryFile.read(file).orElseThrow().value()).isEqualTo(new byte[] {8});
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private void assertRefused(String what) {
        assertThatThrownBy(() -> EntryFile.read(file))
                .as("%s", what)
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": damaged, ")
                .hasMessageContaining("expected: ");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] bytes(SplittableRandom random, int count) {
        byte[] bytes = new byte[count];
        IntStream.range(0, count).forEach(i -> bytes[i] = (byte) random.nextInt());
        return bytes;
    }
}
