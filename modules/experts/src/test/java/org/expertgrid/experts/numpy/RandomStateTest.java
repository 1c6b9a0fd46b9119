package org.expertgrid.experts.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.expertgrid.experts.GoldenCase;
import org.expertgrid.experts.NumPy;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jdk")
class RandomStateTest {
    private static final int MILLION = 1_000_000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 42, 4294967295L})
    void drawsAreNumPys(long seed) {
        Map<?, ?> golden = (Map<?, ?>) GoldenCase.json("randn").get(String.valueOf(seed));
        RandomState random = new RandomState(seed);
        double[] draws = random.randn(MILLION);

        double[] first = GoldenCase.doubles(golden.get("first"));
        assertThat(first).hasSize(12);
        for (int i = 0; i < first.length; i++) {
            assertWithinTwoUlp(draws[i], first[i], "draw " + i);
        }
        assertWithinTwoUlp(draws[999_999], ((Number) golden.get("at_999999")).doubleValue(), "draw 999999");
        assertThat(Arrays.stream(draws).sum()).isCloseTo(((Number) golden.get("sum")).doubleValue(), within(1e-9));
        for (Object word : (List<?>) golden.get("next_uint32")) {
            assertThat(Integer.toUnsignedLong(random.nextInt32())).isEqualTo(((Number) word).longValue());
        }
    }

    @Test
    void theFirstWordsOfMersenneTwisterArePublished() {
        RandomState random = new RandomState(5489);
        assertThat(random.nextInt32()).isEqualTo((int) 3_499_211_612L);
        for (int i = 2; i < 10_000; i++) {
            random.nextInt32();
        }
        assertThat(random.nextInt32())
                .as("the 10,000th, as the C++ standard has it")
                .isEqualTo((int) 4_123_659_995L);
    }

    @Test
    void uniformDoublesAreNumPys() {
        RandomState random = new RandomState(0);
        assertThat(random.nextDouble()).isEqualTo(0.5488135039273248);
        assertThat(random.nextDouble()).isEqualTo(0.7151893663724195);
    }

    @Test
    @Timeout(60)
    void aMillionDrawsAreBitEqualToNumPyNearlyAlways() {
        long seed = 20_261_123;
        byte[] bytes = NumPy.orSkip().run("""
            draws = np.random.RandomState(int(sys.argv[1])).randn(1000000)
            sys.stdout.buffer.write(draws.astype('<f8').tobytes())\
            """, seed);
        assertThat(bytes).hasSize(MILLION * Double.BYTES);
        ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        RandomState random = new RandomState(seed);
        int equal = 0;
        for (int i = 0; i < MILLION; i++) {
            double draw = random.randn();
            double numPys = expected.getDouble();
            assertWithinTwoUlp(draw, numPys, "seed " + seed + ", draw " + i);
            equal += draw == numPys ? 1 : 0;
        }
        assertThat(equal).as("bit-equal draws of a million, seed %d", seed).isGreaterThanOrEqualTo(999_000);
    }

    @Test
    void theSecondDrawOfAPairIsKeptAcrossCalls() {
        double[] expected = new RandomState(7).randn(9);
        RandomState random = new RandomState(7);
        double[] one = {random.randn()};
        double[] two = random.randn(2);
        double[] none = random.randn(0);
        double[] six = random.randn(2, 3).toDoubleArray();
        assertThat(none).isEmpty();
        assertThat(concatenate(one, two, six)).isEqualTo(expected);
    }

    @Test
    void wordsDoNotTouchTheKeptDraw() {
        RandomState random = new RandomState(7);
        double[] expected = new RandomState(7).randn(2);
        assertThat(random.randn()).isEqualTo(expected[0]);
        random.nextInt32();
        assertThat(random.randn()).isEqualTo(expected[1]);
    }

    @Test
    void aMatrixIsFilledRowAfterRow() {
        double[] draws = new RandomState(3).randn(6);
        assertThat(new RandomState(3).randn(2, 3)).isEqualTo(Matrix.wrap(2, 3, draws));
        assertThat(new RandomState(3).randn(2, 3).elementType()).isEqualTo(ElementType.FLOAT64);
        assertThat(new RandomState(3).randn(0, 3).rows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4294967296L, Long.MIN_VALUE, Long.MAX_VALUE})
    void seedsAreThoseOfNumPy(long seed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomState(seed))
                .withMessage("seed: " + seed + " (expected: 0 to 4294967295)");
    }

    @Test
    void sizesAreCheckedBeforeAnythingIsDrawn() {
        RandomState random = new RandomState(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.randn(-1))
                .withMessage("count: -1 (expected: >= 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.randn(2, -3))
                .withMessage("columns: -3 (expected: >= 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.randn(100_000, 100_000))
                .withMessageContaining("100000 x 100000 (expected: at most 2147483639 elements");
        assertThat(random.randn()).isEqualTo(new RandomState(0).randn());
    }

    private static void assertWithinTwoUlp(double draw, double expected, String which) {
        if (Math.abs(draw - expected) > 2 * Math.ulp(expected)) {
            throw new AssertionError(which + ": " + draw + " (expected: " + expected + " within 2 ulp)");
        }
    }

    private static double[] concatenate(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }
}
