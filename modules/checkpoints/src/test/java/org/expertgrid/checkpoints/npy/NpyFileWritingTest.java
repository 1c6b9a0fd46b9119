package org.expertgrid.checkpoints.npy;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.expertgrid.experts.NumPy;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class NpyFileWritingTest {
    private static final long SEED = 20_261_123;

    @TempDir
    private Path folder;

    @Test
    void theBytesAreThoseOfNumPySave() throws IOException {
        Path file = folder.resolve("y.npy");
        NpyFile.write(file, Matrix.of(2, 3, 1.5, -2, 3, 4, 5, 0.1));
        byte[] expected = NpyBytes.concatenate(
                new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0x76, 0},
                ("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }" + " ".repeat(58) + "\n")
                        .getBytes(StandardCharsets.US_ASCII),
                NpyBytes.doubles(LITTLE_ENDIAN, 1.5, -2, 3, 4, 5, 0.1));
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1} x {2}")
    @CsvSource({
        "FLOAT64, 0, 0",
        "FLOAT64, 0, 5",
        "FLOAT32, 5, 0",
        "FLOAT64, 1, 1",
        "FLOAT64, 1, 9",
        "FLOAT32, 9, 1",
        "FLOAT32, 33, 17",
        "FLOAT64, 33, 17",
        "FLOAT64, 300, 200",
        "FLOAT32, 70000, 1",
        "FLOAT64, 3, 40000",
        "FLOAT32, 2, 100000"
    })
    void everyShapeComesBack(ElementType type, int rows, int columns) throws IOException {
        Matrix written = new RandomState(SEED).randn(rows, columns).to(type);
        Path file = folder.resolve("round trip.npy");
        NpyFile.write(file, written);
        assertThat(NpyFile.read(file)).as("seed %d", SEED).isEqualTo(written);
        assertThat(filesInFolder()).containsExactly("round trip.npy");
    }

    @Test
    @Timeout(60)
    void numPySavesTheSameBytes() throws IOException {
        NumPy numPy = NumPy.orSkip();
        int[][] shapes = {{0, 0}, {0, 5}, {5, 0}, {1, 1}, {1, 9}, {9, 1}, {33, 17}, {1234567, 1}, {3, 100_000}};
        List<Path> ours = new ArrayList<>();
        for (int[] shape : shapes) {
            for (ElementType type : ElementType.values()) {
                Path file = folder.resolve(type + " " + shape[0] + " x " + shape[1] + ".npy");
                NpyFile.write(
                        file, new RandomState(SEED).randn(shape[0], shape[1]).to(type));
                ours.add(file);
            }
        }
        numPy.run("""
            for file in sys.argv[1:]:
                np.save(file[:-4] + ' numpy.npy', np.load(file))\
            """, ours.toArray());
        for (Path file : ours) {
            Path numPys = Path.of(file.toString().replace(".npy", " numpy.npy"));
            assertThat(Files.mismatch(file, numPys))
                    .as("first different byte of " + file)
                    .isEqualTo(-1);
        }
    }

    @Test
    @Timeout(60)
    void everyOrderAndVersionOfNumPyIsRead() throws IOException {
        NumPy.orSkip().run("""
            import itertools, os
            array = np.random.RandomState(5).randint(-1000, 1000, (211, 307))
            np.save(os.path.join(sys.argv[1], 'plain.npy'), array.astype('<f8'))
            for descr, order, version in itertools.product(['<f4', '<f8', '>f4', '>f8'], 'CF', [1, 2, 3]):
                name = 'variant' + descr[0].replace('<', 'l').replace('>', 'b') + descr[1:] + order
                with open(os.path.join(sys.argv[1], name + str(version) + '.npy'), 'wb') as file:
                    np.lib.format.write_array(file, np.array(array, descr, order=order), (version, 0))\
            """, folder);
        Matrix expected = NpyFile.read(folder.resolve("plain.npy"));
        assertThat(expected.rows()).isEqualTo(211);
        List<String> variants =
                filesInFolder().filter(name -> name.startsWith("variant")).toList();
        assertThat(variants).hasSize(24);
        for (String variant : variants) {
            Matrix read = NpyFile.read(folder.resolve(variant));
            assertThat(read.elementType().bytes()).as(variant).isEqualTo(variant.contains("f8") ? 8 : 4);
            assertThat(read.to(ElementType.FLOAT64)).as(variant).isEqualTo(expected);
        }
    }

    @Test
    void everyBitPatternOfAFloatIsKept() {
        Random random = new Random(SEED);
        float[] floats = new float[1000];
        double[] doubles = new double[1000];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.intBitsToFloat(random.nextInt() | (i % 3 == 0 ? 0x7FC0_0000 : 0));
            doubles[i] = Double.longBitsToDouble(random.nextLong() | (i % 3 == 0 ? 0x7FF8_0000_0000_0000L : 0));
        }
        Path file = folder.resolve("bits.npy");
        NpyFile.write(file, Matrix.wrap(10, 100, floats));
        assertThat(rawBits(NpyFile.read(file).toFloatArray()))
                .as("seed %d", SEED)
                .isEqualTo(rawBits(floats));
        NpyFile.write(file, Matrix.wrap(100, 10, doubles));
        assertThat(rawBits(NpyFile.read(file).toDoubleArray()))
                .as("seed %d", SEED)
                .isEqualTo(rawBits(doubles));
    }

    @Test
    void aFileIsReplacedAndALinkStaysOne() throws IOException {
        Path file = Files.writeString(folder.resolve("real.npy"), "something else");
        Path link = Files.createSymbolicLink(folder.resolve("link.npy"), file);
        Matrix matrix = Matrix.of(1, 2, 3.0, 4.0);
        NpyFile.write(link, matrix);
        assertThat(link).isSymbolicLink();
        assertThat(NpyFile.read(file)).isEqualTo(matrix);
        assertThat(filesInFolder()).containsExactly("link.npy", "real.npy");
    }

    @Test
    void aFailureLeavesNothingBehind() throws IOException {
        Matrix matrix = Matrix.of(1, 1, 1.0);
        assertThatThrownBy(() -> NpyFile.write(folder, matrix))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder + ": cannot be written (expected: a regular file, or none yet)");
        Path nowhere = folder.resolve("no such folder").resolve("y.npy");
        assertThatThrownBy(() -> NpyFile.write(nowhere, matrix))
                .isInstanceOf(BadFileException.class)
                .hasMessage(nowhere + ": cannot be written (expected: an existing folder)");
        Path tooLong = folder.resolve("y".repeat(300));
        assertThatThrownBy(() -> NpyFile.write(tooLong, matrix))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(tooLong + ": cannot be written: ");
        assertThat(filesInFolder()).isEmpty();
    }

    private Stream<String> filesInFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    private static int[] rawBits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static long[] rawBits(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }
}
