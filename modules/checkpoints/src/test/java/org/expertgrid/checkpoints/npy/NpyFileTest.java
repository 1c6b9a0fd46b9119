package org.expertgrid.checkpoints.npy;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.ByteOrder.nativeOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.expertgrid.checkpoints.npy.NpyBytes.doubles;
import static org.expertgrid.checkpoints.npy.NpyBytes.file;
import static org.expertgrid.checkpoints.npy.NpyBytes.floats;
import static org.expertgrid.checkpoints.npy.NpyBytes.shorts;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("jdk")
class NpyFileTest {
    private static final String TYPES = "'f2', 'f4' or 'f8', alone or after '<', '>' or '='";
    private static final String C_2_3 = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n";
    private static final Matrix DOUBLES = Matrix.of(2, 3, 1.5, -2, 3, 4, 5, 0.1);
    private static final Matrix FLOATS = Matrix.of(2, 3, 1.5f, -2, 3, 4, 5, 0.1f);
    private static final double[] ROWS = {1.5, -2, 3, 4, 5, 0.1};
    private static final double[] COLUMNS = {1.5, 4, -2, 5, 3, 0.1};
    private static final float[] FLOAT_ROWS = {1.5f, -2, 3, 4, 5, 0.1f};
    private static final float[] FLOAT_COLUMNS = {1.5f, 4, -2, 5, 3, 0.1f};

    private static final short[] HALF_ROWS = {0x3e00, (short) 0xc000, 0x0001, 0x7bff, 0, (short) 0xfc00};
    private static final Matrix HALVES = Matrix.of(2, 3, 1.5f, -2, 0x1p-24f, 65504, 0, Float.NEGATIVE_INFINITY);

    @TempDir
    private Path folder;

    static Stream<Arguments> goodFiles() {
        byte[] little = doubles(LITTLE_ENDIAN, ROWS);
        return Stream.of(
                arguments("version 1", file(1, C_2_3, little), DOUBLES),
                arguments("version 2", file(2, C_2_3, little), DOUBLES),
                arguments("version 3", file(3, C_2_3, little), DOUBLES),
                arguments(
                        "version 2 with a header longer than one byte counts",
                        file(2, C_2_3 + " ".repeat(9_000), little),
                        DOUBLES),
                arguments("big-endian", file(1, header(">f8", "False", "(2, 3)"), doubles(BIG_ENDIAN, ROWS)), DOUBLES),
                arguments("native", file(1, header("=f8", "False", "(2, 3)"), doubles(nativeOrder(), ROWS)), DOUBLES),
                arguments(
                        "Fortran order",
                        file(1, header("<f8", "True", "(2, 3)"), doubles(LITTLE_ENDIAN, COLUMNS)),
                        DOUBLES),
                arguments(
                        "Fortran order, big-endian",
                        file(1, header(">f8", "True", "(2, 3)"), doubles(BIG_ENDIAN, COLUMNS)),
                        DOUBLES),
                arguments(
                        "float32",
                        file(1, header("<f4", "False", "(2, 3)"), floats(LITTLE_ENDIAN, FLOAT_ROWS)),
                        FLOATS),
                arguments(
                        "float32, big-endian",
                        file(1, header(">f4", "False", "(2, 3)"), floats(BIG_ENDIAN, FLOAT_ROWS)),
                        FLOATS),
                arguments(
                        "float32, native",
                        file(1, header("=f4", "False", "(2, 3)"), floats(nativeOrder(), FLOAT_ROWS)),
                        FLOATS),
                arguments(
                        "float32, Fortran order",
                        file(1, header("<f4", "True", "(2, 3)"), floats(LITTLE_ENDIAN, FLOAT_COLUMNS)),
                        FLOATS),
                arguments(
                        "float16", file(1, header("<f2", "False", "(2, 3)"), shorts(LITTLE_ENDIAN, HALF_ROWS)), HALVES),
                arguments(
                        "float16, big-endian, Fortran order",
                        file(1, header(">f2", "True", "(3, 2)"), shorts(BIG_ENDIAN, HALF_ROWS)),
                        Matrix.of(3, 2, 1.5f, 65504, -2, 0, 0x1p-24f, Float.NEGATIVE_INFINITY)),
                arguments(
                        "no byte order",
                        file(1, header("f8", "False", "(2, 3)"), doubles(nativeOrder(), ROWS)),
                        DOUBLES),
                arguments(
                        "float32, no byte order",
                        file(1, header("f4", "False", "(2, 3)"), floats(nativeOrder(), FLOAT_ROWS)),
                        FLOATS),
                arguments("one dimension", file(1, header("<f8", "False", "(6,)"), little), Matrix.of(1, 6, ROWS)),
                arguments(
                        "one dimension, Fortran order",
                        file(1, header("<f8", "True", "(6,)"), little),
                        Matrix.of(1, 6, ROWS)),
                arguments("one row", file(1, header("<f8", "False", "(1, 6)"), little), Matrix.of(1, 6, ROWS)),
                arguments("one column", file(1, header("<f8", "False", "(6, 1)"), little), Matrix.of(6, 1, ROWS)),
                arguments("no rows", file(1, header("<f8", "False", "(0, 3)")), Matrix.of(0, 3, new double[0])),
                arguments("no columns", file(1, header("<f4", "True", "(3, 0)")), Matrix.of(3, 0, new float[0])),
                arguments("no elements", file(1, header("<f8", "False", "(0,)")), Matrix.of(1, 0, new double[0])),
                arguments(
                        "no comma after the last key",
                        file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}", little),
                        DOUBLES),
                arguments(
                        "keys in another order, other quotes, white space, a comma after the last dimension",
                        file(
                                1,
                                " \t{\n\"shape\" : ( 2 ,3 , ) ,'fortran_order':False,\"descr\"\n:\"<f8\"\n}  \n",
                                little),
                        DOUBLES),
                arguments("long integers of Python 2", file(1, header("<f8", "False", "(2L, 3L)"), little), DOUBLES));
    }

    static Stream<Arguments> badFiles() {
        byte[] six = doubles(LITTLE_ENDIAN, ROWS);
        byte[] good = file(1, C_2_3, six);
        byte[] version4 = file(4, C_2_3, six);
        byte[] version11 = good.clone();
        version11[7] = 1;
        String tooMany = "expected: at most 2147483639 elements, a Java array's length)";
        return Stream.of(
                arguments("empty", new byte[0], "size: 0 bytes (expected: at least 10)"),
                arguments(
                        "a zip file",
                        "PK\3\4 and so on".getBytes(StandardCharsets.US_ASCII),
                        "begins with: 50 4b 03 04 20 61 (expected: 93 4e 55 4d 50 59, as every .npy file does)"),
                arguments("cut in the prefix", Arrays.copyOf(good, 9), "size: 9 bytes (expected: at least 10)"),
                arguments("version 4", version4, "version: 4.0 (expected: 1.0, 2.0 or 3.0)"),
                arguments("version 1.1", version11, "version: 1.1 (expected: 1.0, 2.0 or 3.0)"),
                arguments(
                        "cut in the header",
                        Arrays.copyOf(good, 40),
                        "header length: 60 (expected: at most the 30 bytes left)"),
                arguments(
                        "cut in version 2's length",
                        Arrays.copyOf(file(2, C_2_3), 11),
                        "size: 11 bytes (expected: at least 12)"),
                arguments(
                        "a header of 10,001",
                        file(1, C_2_3 + " ".repeat(9_941), six),
                        "header length: 10001 (expected: at most 10000)"),
                arguments(
                        "a header of 4 GB",
                        file(2, 0xFFFF_FFFFL, C_2_3, six),
                        "header length: 4294967295 (expected: at most 10000)"),
                arguments(
                        "cut in the elements",
                        Arrays.copyOf(good, good.length - 1),
                        "size: 47 bytes after the header (expected: 48, 2 x 3 elements of 8 bytes)"),
                arguments(
                        "bytes left over",
                        Arrays.copyOf(good, good.length + 1),
                        "size: 49 bytes after the header (expected: 48,"),
                arguments("no elements at all", file(1, C_2_3), "size: 0 bytes after the header (expected: 48,"),
                arguments(
                        "more than a Java array",
                        file(1, header("<f8", "False", "(65536, 65536)"), six),
                        "shape: (65536, 65536) (" + tooMany),
                arguments(
                        "a product that overflows a long",
                        file(1, header("<f8", "False", "(4294967296, 4294967296)"), six),
                        "shape: (4294967296, 4294967296) (" + tooMany),
                arguments(
                        "a dimension that overflows an int",
                        file(1, header("<f8", "False", "(4294967297, 6)"), six),
                        "shape: (4294967297, 6) (" + tooMany),
                arguments(
                        "a dimension that overflows a long",
                        file(1, header("<f8", "False", "(18446744073709551618, 3)"), six),
                        "shape: 18446744073709551618 (" + tooMany),
                arguments(
                        "many columns of no rows",
                        file(1, header("<f8", "False", "(0, 4294967296)")),
                        "shape: (0, 4294967296) (" + tooMany),
                arguments(
                        "objects",
                        file(1, header("|O", "False", "(2, 3)"), six),
                        "descr: '|O' (expected: " + TYPES + ")"),
                arguments(
                        "integers",
                        file(1, header("<i8", "False", "(2, 3)"), six),
                        "descr: '<i8' (expected: " + TYPES + ")"),
                arguments(
                        "quadruple floats",
                        file(1, header("<f16", "False", "(2, 3)"), six),
                        "descr: '<f16' (expected: " + TYPES + ")"),
                arguments(
                        "complex numbers",
                        file(1, header("<c16", "False", "(2, 3)"), six),
                        "descr: '<c16' (expected: " + TYPES + ")"),
                arguments(
                        "no data type",
                        file(1, header("", "False", "(2, 3)"), six),
                        "descr: '' (expected: " + TYPES + ")"),
                arguments(
                        "structures",
                        file(1, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (6,), }", six),
                        "descr: [('a', '<f8')], 'fortran_order': False, ... (expected: " + TYPES + ")"),
                arguments(
                        "no dimension",
                        file(1, header("<f8", "False", "()"), doubles(LITTLE_ENDIAN, 1)),
                        "shape: () (expected: one or two dimensions)"),
                arguments(
                        "three dimensions",
                        file(1, header("<f8", "False", "(1, 2, 3)"), six),
                        "shape: (1, 2, 3) (expected: one or two dimensions)"),
                arguments(
                        "a number for a shape",
                        file(1, header("<f8", "False", "(6)"), six),
                        "shape: (6) (expected: a tuple, which of one number is written (n,))"),
                arguments(
                        "a list for a shape",
                        file(1, header("<f8", "False", "[2, 3]"), six),
                        "header at character 50: [2, 3], } (expected: '(')"),
                arguments(
                        "a negative dimension",
                        file(1, header("<f8", "False", "(-2, -3)"), six),
                        "header at character 51: -2, -3), } (expected: an integer >= 0 in shape)"),
                arguments(
                        "a fraction",
                        file(1, header("<f8", "False", "(2.0, 3)"), six),
                        "header at character 52: .0, 3), } (expected: ',' or ')' in shape)"),
                arguments(
                        "a leading zero",
                        file(1, header("<f8", "False", "(02, 3)"), six),
                        "header at character 51: 02, 3), } (expected: an integer >= 0 in shape)"),
                arguments(
                        "no commas in the shape",
                        file(1, header("<f8", "False", "(2 3)"), six),
                        "header at character 53: 3), } (expected: ',' or ')' in shape)"),
                arguments(
                        "a number for a boolean",
                        file(1, header("<f8", "0", "(2, 3)"), six),
                        "header at character 34: 0, 'shape': (2, 3), } (expected: fortran_order to be True or False)"),
                arguments(
                        "Trueish",
                        file(1, header("<f8", "Trueish", "(2, 3)"), six),
                        "header at character 38: ish, 'shape': (2, 3), } (expected: '}')"),
                arguments(
                        "a key missing",
                        file(1, "{'descr': '<f8', 'shape': (2, 3), }", six),
                        "header: {'descr': '<f8', 'shape': (2, 3), } (expected: to have the key 'fortran_order')"),
                arguments("an empty dictionary", file(1, "{}", six), "header: {} (expected: to have the key 'descr')"),
                arguments(
                        "a key too many",
                        file(1, "{'descr': '<f8', 'pickled': 'yes', }", six),
                        "key: 'pickled' (expected: 'descr', 'fortran_order' and 'shape' only)"),
                arguments(
                        "a key twice",
                        file(1, "{'descr': '<f8', 'descr': '<f4', }", six),
                        "key: 'descr' twice (expected: once)"),
                arguments("only a comma", file(1, "{,}", six), "header at character 1: ,} (expected: a key in quotes)"),
                arguments("no colon", file(1, "{'descr' '<f8'}", six), "header at character 9: '<f8'} (expected: ':')"),
                arguments(
                        "a quote left open",
                        file(1, "{'descr': '<f8}", six),
                        "header at character 10: '<f8} (expected: a data type in quotes)"),
                arguments(
                        "an escape",
                        file(1, "{'descr': '\\x3cf8'}", six),
                        "header at character 10: '\\x3cf8'} (expected: a data type in quotes)"),
                arguments(
                        "no dictionary",
                        file(1, "__import__('os').abort()", six),
                        "header at character 0: __import__('os').abort() (expected: '{')"),
                arguments("an empty header", file(1, "", six), "header at character 0: nothing (expected: '{')"),
                arguments(
                        "something after the dictionary",
                        file(1, C_2_3 + "+ {}", six),
                        "header at character 60: + {} (expected: nothing after '}')"),
                arguments(
                        "zero bytes for spaces",
                        file(1, C_2_3 + "\0\0", six),
                        "header at character 60: ?? (expected: text without zero bytes)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodFiles")
    void filesThatNumPyWritesAreRead(String name, byte[] bytes, Matrix expected) throws IOException {
        Path file = Files.write(folder.resolve("good.npy"), bytes);
        assertThat(NpyFile.read(file)).isEqualTo(expected);
        NpyHeader header = NpyHeader.read(file);
        assertThat(header.rows()).isEqualTo(expected.rows());
        assertThat(header.columns()).isEqualTo(expected.columns());
        assertThat(header.format().computedIn()).isEqualTo(expected.elementType());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void anythingElseIsAnErrorThatSaysWhat(String name, byte[] bytes, String message) throws IOException {
        Path file = Files.write(folder.resolve("bad.npy"), bytes);
        assertThatThrownBy(() -> NpyFile.read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": " + message);
        assertThatThrownBy(() -> NpyHeader.read(file)).isInstanceOf(BadFileException.class);
    }

    @Test
    @Timeout(10)
    void aFileThatLiesAboutItsSizeAllocatesNothing() throws IOException {
        byte[] eightGigabytes = file(1, header("<f8", "False", "(1000000, 1000)"), new byte[64]);
        byte[] header = file(2, Integer.MAX_VALUE, C_2_3, new byte[64]);
        for (byte[] bytes : new byte[][] {eightGigabytes, header}) {
            assertThat(bytes).hasSizeLessThan(200);
            Path file = Files.write(folder.resolve("liar.npy"), bytes);
            assertThatThrownBy(() -> NpyFile.read(file)).isInstanceOf(BadFileException.class);

            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> NpyFile.read(file))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("(expected: ");
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
        }
    }

    @Test
    void aDamagedFileIsABadFileOrStillAMatrix() throws IOException {
        long seed = 20_261_123;
        Random random = new Random(seed);
        byte[] good = file(1, C_2_3, doubles(LITTLE_ENDIAN, ROWS));
        int refused = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] damaged = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(150) : good.length);
            for (int i = random.nextInt(3); i > 0 && damaged.length > 0; i--) {
                int place = random.nextInt(Math.min(damaged.length, 72));
                damaged[place] = random.nextBoolean() ? (byte) random.nextInt() : good[random.nextInt(72)];
            }
            Path file = Files.write(folder.resolve("damaged.npy"), damaged);
            try {
                assertThat(NpyFile.read(file).bytes()).isEqualTo(48);
            } catch (BadFileException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertThat(refused).as("refused of 3000, seed %d", seed).isBetween(1_000, 2_900);
    }

    @Test
    void aMissingFileAndAFolderAreNamed() {
        Path missing = folder.resolve("missing.npy");
        assertThatThrownBy(() -> NpyFile.read(missing))
                .isInstanceOf(BadFileException.class)
                .isInstanceOf(ExpertgridException.class)
                .hasMessage(missing + ": no such file");
        assertThatThrownBy(() -> NpyFile.read(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder + ": cannot be read (expected: a regular file)");
    }

    private static String header(String descr, String fortranOrder, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': " + fortranOrder + ", 'shape': " + shape + ", }";
    }
}
