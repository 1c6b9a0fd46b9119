package org.expertgrid.checkpoints.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer in a directory of files. */
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
        NpyFile.write(files.resolve(name + ".weight.npy"), weights.weight().toMatrix());
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
                .isThrownBy(() -> NpyWeights.open(directory))
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .startsWith(directory.toString())
                        .contains(messageParts));
    }

    @ParameterizedTest
    @EnumSource
    void writtenWeightsAreReadInAnyOrderManyTimes(ElementType type) throws IOException {
        MoeWeights written = write(type);
        NpyWeights read = NpyWeights.open(directory);
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
        assertThat(NpyWeights.open(directory).expert(1)).isEqualTo(written.expert(1));
    }

    static Stream<String> namesButTheRoutersBias() {
        return names().filter(name -> !name.equals("router.bias"));
    }

    @ParameterizedTest
    @MethodSource("namesButTheRoutersBias")
    void aMissingFileIsNamed(String name) throws IOException {
        write(ElementType.FLOAT64);
        Files.delete(file(name));
        assertRefused(file(name) + ": no such file");
    }

    @Test
    void allMissingFilesAreNamedAtOnce() throws IOException {
        write(ElementType.FLOAT64);
        Files.delete(file("expert0.fc2.bias"));
        Files.delete(file("expert1.fc1.weight"));
        assertRefused(file("expert0.fc2.bias") + ": no such file; ", file("expert1.fc1.weight") + ": no such file");
    }

    @Test
    void aFolderWithoutBiasesIsALayerWithoutBiases() throws IOException {
        MoeWeights written = write(ElementType.FLOAT64);
        for (String name : names().filter(name -> name.endsWith("bias")).toList()) {
            Files.delete(file(name));
        }
        NpyWeights read = NpyWeights.open(directory);
        assertThat(read.shape().expert().biases()).isFalse();
        assertThat(read.router()).isEqualTo(new RouterWeights(written.router().weight()));
        for (int e = 0; e < SHAPE.experts(); e++) {
            LinearWeights fc1 = new LinearWeights(written.expert(e).fc1().weight(), null);
            LinearWeights fc2 = new LinearWeights(written.expert(e).fc2().weight(), null);
            assertThat(read.expert(e)).isEqualTo(new ExpertWeights(fc1, fc2));
        }
    }

    @Test
    void filesOfExpertsThatTheRouterDoesNotKnowAreNamed() throws IOException {
        write(ElementType.FLOAT64);
        for (String name : List.of("expert2.fc1.weight", "expert10.fc2.bias")) {
            Files.copy(file("expert1.fc1.weight"), file(name));
        }
        Files.writeString(directory.resolve("expert3.txt"), "no file of weights");
        assertRefused(
                file("expert10.fc2.bias")
                        + ": of expert 10 (expected: experts 0 to 1, as router.weight has 2 columns); ",
                file("expert2.fc1.weight") + ": of expert 2 (expected: experts 0 to 1, ");
    }

    /** NumPy drops the second dimension of a router with one expert where it is indexed. */
    @Test
    void aRouterOfOneDimensionIsNamedItself() throws IOException {
        write(ElementType.FLOAT64);
        for (String name : names().filter(name -> name.startsWith("expert1")).toList()) {
            Files.delete(file(name));
        }
        Files.write(
                file("router.weight"),
                NpyBytes.file(
                        1,
                        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }",
                        NpyBytes.doubles(ByteOrder.LITTLE_ENDIAN, 1, 2, 3)));
        assertRefused(file("router.weight") + ": FLOAT64 (3,) (expected: two dimensions, [in, out], ");
    }

    @Test
    void halfPrecisionIsComputedInSinglePrecision() throws IOException {
        write(ElementType.FLOAT32);
        for (String name : names().toList()) {
            Matrix matrix = NpyFile.read(file(name));
            short[] ones = new short[matrix.rows() * matrix.columns()];
            Arrays.fill(ones, (short) 0x3c00);
            String shape = "(" + matrix.rows() + ", " + matrix.columns() + ")";
            String header = "{'descr': '<f2', 'fortran_order': False, 'shape': " + shape + ", }";
            Files.write(file(name), NpyBytes.file(1, header, NpyBytes.shorts(ByteOrder.LITTLE_ENDIAN, ones)));
        }
        NpyWeights read = NpyWeights.open(directory);
        assertThat(read.elementType()).isEqualTo(ElementType.FLOAT32);
        assertThat(read.expert(1).fc1().bias()).isEqualTo(Matrix.of(1, 5, 1f, 1, 1, 1, 1));
        assertThat(read.expert(0).fc2().weight().toMatrix().toDoubleArray()).containsOnly(1.0);
    }

    @Test
    void aMissingDirectoryIsNamed() {
        Path missing = directory.resolve("missing");
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> NpyWeights.open(missing))
                .withMessageStartingWith(missing.toString())
                .withMessageContaining("no such folder");
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
    void aShapeThatDoesNotFitIsReportedWithTheExpectedShape() throws IOException {
        write(ElementType.FLOAT64);
        NpyFile.write(file("expert1.fc2.weight"), Matrix.zeros(ElementType.FLOAT64, 5, 3));
        assertRefused(file("expert1.fc2.weight") + ": FLOAT64 5 x 3 (expected: FLOAT64 5 x 4, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"router.weight", "expert0.fc1.weight", "expert0.fc2.weight"})
    void aFileOfNoColumnsIsNamed(String name) throws IOException {
        write(ElementType.FLOAT64);
        NpyFile.write(file(name), Matrix.zeros(ElementType.FLOAT64, 3, 0));
        assertRefused(file(name) + ": FLOAT64 3 x 0 (expected: two dimensions, [in, out], of at least one each)");
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
        NpyWeights weights = NpyWeights.open(directory);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.expert(expert))
                .withMessage("expert: " + expert + " (expected: 0 to 1)");
    }

    @Test
    void anExpertsFileThatChangesAfterwardsIsNoticed() throws IOException {
        write(ElementType.FLOAT64);
        NpyWeights weights = NpyWeights.open(directory);
        NpyFile.write(file("expert1.fc2.weight"), Matrix.zeros(ElementType.FLOAT64, 5, 9));
        NpyFile.write(file("expert1.fc2.bias"), Matrix.zeros(ElementType.FLOAT64, 1, 9));
        weights.expert(0);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> weights.expert(1))
                .withMessageContaining(file("expert1.fc2.weight") + ": FLOAT64 5 x 9 (expected: FLOAT64 5 x 4");
    }
}
