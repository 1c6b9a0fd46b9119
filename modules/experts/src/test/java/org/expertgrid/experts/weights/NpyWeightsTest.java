package org.expertgrid.experts.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.npy.NpyBytes;
import org.expertgrid.experts.npy.NpyFile;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link MoeWeights#read}: a directory of files. */
class NpyWeightsTest {
    private static final MoeShape SHAPE = new MoeShape(3, 5, 4, 2);

    /** Written once, because {@link NpyFile#write} waits for the disk; each test has its own copy. */
    @TempDir
    private static Path originals;

    @TempDir
    private Path directory;

    @BeforeAll
    static void writeOriginals() throws IOException {
        for (ElementType type : ElementType.values()) {
            Path files = Files.createDirectory(originals.resolve(type.name()));
            MoeWeights weights = drawn(type);
            write(
                    files,
                    "router",
                    new LinearWeights(
                            weights.router().weight(), weights.router().bias()));
            for (int e = 0; e < SHAPE.experts(); e++) {
                write(files, "expert" + e + ".fc1", weights.expert(e).fc1());
                write(files, "expert" + e + ".fc2", weights.expert(e).fc2());
            }
        }
    }

    private static MoeWeights drawn(ElementType type) {
        return MoeWeights.random(SHAPE, type, new NamedRandomStates()).inMemory();
    }

    private static void write(Path files, String name, LinearWeights weights) {
        NpyFile.write(files.resolve(name + ".weight.npy"), weights.weight());
        NpyFile.write(files.resolve(name + ".bias.npy"), weights.bias());
    }

    private MoeWeights write(ElementType type) throws IOException {
        try (Stream<Path> files = Files.list(originals.resolve(type.name()))) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        return drawn(type);
    }

    private Path file(String name) {
        return directory.resolve(name + ".npy");
    }

    static Stream<String> names() {
        return Stream.of("router", "expert0.fc1", "expert0.fc2", "expert1.fc1", "expert1.fc2")
                .flatMap(name -> Stream.of(name + ".weight", name + ".bias"));
    }

    private void assertRefused(String... messageParts) {
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> MoeWeights.read(directory))
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .startsWith(directory.toString())
                        .contains(messageParts));
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenIsReadInAnyOrderManyTimes(ElementType type) throws IOException {
        MoeWeights written = write(type);
        MoeWeights read = MoeWeights.read(directory);
        assertThat(read.shape()).isEqualTo(SHAPE);
        assertThat(read.elementType()).isEqualTo(type);
        assertThat(read.router()).isEqualTo(written.router());
        for (int e : new int[] {1, 0, 1}) {
            assertThat(read.expert(e)).isEqualTo(written.expert(e));
        }
        assertThat(read.inMemory().expert(1)).isEqualTo(written.expert(1));
    }

    @Test
    void aBiasMayBeOneDimensionalAsNumPyHasIt() throws IOException {
        MoeWeights written = write(ElementType.FLOAT64);
        Path bias = file("expert1.fc2.bias");
        byte[] bytes = Files.readAllBytes(bias);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("(1, 4), ", "(4,),   ");
        Files.write(bias, text.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(MoeWeights.read(directory).expert(1)).isEqualTo(written.expert(1));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aMissingFileIsNamed(String name) throws IOException {
        write(ElementType.FLOAT64);
        Files.delete(file(name));
        assertRefused(file(name) + ": no such file");
    }

    @Test
    void aMissingDirectoryIsNamed() {
        Path missing = directory.resolve("missing");
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> MoeWeights.read(missing))
                .withMessageStartingWith(missing.toString())
                .withMessageContaining("no such file");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileOfAnotherTypeIsNoticed(String name) throws IOException {
        write(ElementType.FLOAT64);
        NpyFile.write(file(name), NpyFile.read(file(name)).to(ElementType.FLOAT32));
        assertRefused("FLOAT32", "expected: ", "FLOAT64");
        if (!name.equals("router.weight")) {
            assertRefused(file(name) + ": FLOAT32");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileWithARowMoreIsNoticed(String name) throws IOException {
        write(ElementType.FLOAT64);
        Matrix matrix = NpyFile.read(file(name));
        NpyFile.write(file(name), Matrix.zeros(ElementType.FLOAT64, matrix.rows() + 1, matrix.columns()));
        assertRefused(".npy: FLOAT64 ", " (expected: FLOAT64 ");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileWithAColumnLessIsNoticed(String name) throws IOException {
        write(ElementType.FLOAT64);
        Matrix matrix = NpyFile.read(file(name));
        NpyFile.write(file(name), Matrix.zeros(ElementType.FLOAT64, matrix.rows(), matrix.columns() - 1));
        assertRefused(".npy: FLOAT64 ", " (expected: FLOAT64 ");
    }

    @Test
    void aMisfitIsToldWithBothShapes() throws IOException {
        write(ElementType.FLOAT64);
        NpyFile.write(file("expert1.fc2.weight"), Matrix.zeros(ElementType.FLOAT64, 5, 3));
        assertRefused(file("expert1.fc2.weight") + ": FLOAT64 5 x 3 (expected: FLOAT64 5 x 4, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"router.weight", "expert0.fc1.weight", "expert0.fc2.weight"})
    void aFileOfNoColumnsIsNamed(String name) throws IOException {
        write(ElementType.FLOAT64);
        NpyFile.write(file(name), Matrix.zeros(ElementType.FLOAT64, 3, 0));
        assertRefused(file(name) + ": FLOAT64 3 x 0 (expected: at least one row and one column)");
    }

    @Test
    void aFileThatIsNoArrayIsNamed() throws IOException {
        write(ElementType.FLOAT64);
        Files.writeString(file("expert1.fc1.bias"), "certainly not an array");
        assertRefused(file("expert1.fc1.bias") + ": begins with");
    }

    /** The router alone would be 2.4 GB, which the heap of the tests could not hold; the file is all hole. */
    @Test
    void nothingLargeIsReadBeforeEveryHeaderHasBeenChecked() throws IOException {
        write(ElementType.FLOAT64);
        int rows = 150_000_000;
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + rows + ", 2), }";
        Files.write(file("router.weight"), NpyBytes.file(1, header));
        try (RandomAccessFile hole = new RandomAccessFile(file("router.weight").toFile(), "rw")) {
            hole.setLength(hole.length() + rows * 2L * Double.BYTES);
        }
        assertRefused(file("expert0.fc1.weight") + ": FLOAT64 3 x 5 (expected: FLOAT64 150000000 x 5, ");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2})
    void anExpertThatHasNoFilesIsRefusedByItsNumber(int expert) throws IOException {
        write(ElementType.FLOAT64);
        MoeWeights weights = MoeWeights.read(directory);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.expert(expert))
                .withMessage("expert: " + expert + " (expected: 0 to 1)");
    }

    @Test
    void anExpertsFileThatChangesAfterwardsIsNoticed() throws IOException {
        write(ElementType.FLOAT64);
        MoeWeights weights = MoeWeights.read(directory);
        NpyFile.write(file("expert1.fc2.weight"), Matrix.zeros(ElementType.FLOAT64, 5, 9));
        NpyFile.write(file("expert1.fc2.bias"), Matrix.zeros(ElementType.FLOAT64, 1, 9));
        weights.expert(0);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> weights.expert(1))
                .withMessageContaining(file("expert1.fc2.weight") + ": FLOAT64 5 x 9 (expected: FLOAT64 5 x 4");
    }
}
