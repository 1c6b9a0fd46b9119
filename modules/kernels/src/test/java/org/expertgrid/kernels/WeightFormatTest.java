package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WeightFormatTest {
    @Test
    void codesOnTheWireAndOnDiskNeverChange() {
        assertThat(Arrays.stream(WeightFormat.values()).map(format -> format + " " + format.code()))
                .containsExactly(
                        "FLOAT64 1",
                        "FLOAT32 2",
                        "BF16 3",
                        "F16 4",
                        "FP8_E4M3 5",
                        "MXFP4 6",
                        "INT8 7",
                        "INT4 8",
                        "W8A8 9",
                        "W4A8 10");
        for (WeightFormat format : WeightFormat.values()) {
            assertThat(WeightFormat.ofCode(format.code())).isEqualTo(format);
        }
    }

    @Test
    void refusesACodeThatNoFormatHas() {
        for (int code : new int[] {-1, 0, 11}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WeightFormat.ofCode(code))
                    .withMessage("weight format: code " + code + " (expected: 1 to 10)");
        }
    }

    @Test
    void everyBf16CodeIsTheUpperHalfOfAFloat() {
        for (int code = 0; code < 1 << 16; code++) {
            assertSame(WeightFormat.BF16, code, number(code, 8, 7, true));
        }
    }

    @Test
    void everyF16CodeIsWhatTheArithmeticSays() {
        for (int code = 0; code < 1 << 16; code++) {
            assertSame(WeightFormat.F16, code, number(code, 5, 10, true));
        }
    }

    @Test
    void everyFp8CodeIsWhatTheArithmeticSays() {
        for (int code = 0; code < 1 << 8; code++) {
            boolean notANumber = (code & 0x7F) == 0x7F;
            assertSame(WeightFormat.FP8_E4M3, code, notANumber ? Double.NaN : number(code, 4, 3, false));
        }
    }

    @Test
    void everyMxfp4CodeIsWhatTheArithmeticSays() {
        for (int code = 0; code < 1 << 4; code++) {
            assertSame(WeightFormat.MXFP4, code, number(code, 2, 1, false));
        }
    }

    @Test
    void integersAreTheirTwosComplement() {
        for (int value = -128; value < 128; value++) {
            assertSame(WeightFormat.INT8, value & 0xFF, value);
            assertSame(WeightFormat.W8A8, value & 0xFF, value);
        }
        for (int value = -8; value < 8; value++) {
            assertSame(WeightFormat.INT4, value & 0xF, value);
            assertSame(WeightFormat.W4A8, value & 0xF, value);
        }
    }

    /** Sign, exponent and fraction, as IEEE 754 puts them together. */
    private static double number(int code, int exponentBits, int fractionBits, boolean infinities) {
        int largest = (1 << exponentBits) - 1;
        int bias = largest >> 1;
        int exponent = code >> fractionBits & largest;
        double fraction = (code & (1 << fractionBits) - 1) / (double) (1 << fractionBits);
        double sign = (code >> exponentBits + fractionBits & 1) == 0 ? 1.0 : -1.0;
        if (infinities && exponent == largest) {
            return fraction == 0.0 ? sign / 0.0 : Double.NaN;
        }
        return exponent == 0
                ? sign * fraction * Math.pow(2, 1 - bias)
                : sign * (1.0 + fraction) * Math.pow(2, exponent - bias);
    }

    private static void assertSame(WeightFormat format, int code, double expected) {
        int garbageAbove = format.bits() < 32 ? -1 << format.bits() : 0;
        assertThat((double) format.widen(code)).as("%s, code %d", format, code).isEqualTo((Double) expected);
        assertThat((double) format.widen(code | garbageAbove))
                .as("%s, code %d", format, code)
                .isEqualTo((Double) expected);
    }
}
