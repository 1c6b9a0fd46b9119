package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class WeightTileTest {
    private static final int INPUTS = 4;

    @Test
    void everyCodeThatIsNotFiniteIsFoundInEveryPlaceOfAWord() {
        for (WeightFormat format : new WeightFormat[] {WeightFormat.F16, WeightFormat.FP8_E4M3}) {
            for (int code = 0; code < 1 << format.bits(); code++) {
                boolean finite = Float.isFinite(format.widen(code));
                for (int place = 0; place < INPUTS; place++) {
                    assertThat(tile(format, code, place).allFinite())
                            .as("%s, code %x as input %d", format, code, place)
                            .isEqualTo(finite);
                }
            }
        }
    }

    @Test
    void oneSubnormalCodeOfFourIsNotFewAndNormalCodesAre() {
        for (WeightFormat format : new WeightFormat[] {WeightFormat.F16, WeightFormat.FP8_E4M3}) {
            float smallestNormal = format == WeightFormat.F16 ? 0x1p-14f : 0x1p-6f;
            for (int code = 0; code < 1 << format.bits(); code++) {
                float magnitude = Math.abs(format.widen(code));
                boolean subnormal = magnitude > 0 && magnitude < smallestNormal;
                for (int place = 0; place < INPUTS; place++) {
                    assertThat(tile(format, code, place).fewSubnormal())
                            .as("%s, code %x as input %d", format, code, place)
                            .isEqualTo(!subnormal);
                }
            }
        }
    }

    /** The code among the largest finite ones, whose bits are nearly those of infinity. */
    private static WeightTile tile(WeightFormat format, int code, int place) {
        boolean half = format == WeightFormat.F16;
        ByteBuffer codes =
                ByteBuffer.allocate(INPUTS * format.bits() / Byte.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < INPUTS; i++) {
            if (half) {
                codes.putShort((short) (i == place ? code : 0x7BFF));
            } else {
                codes.put((byte) (i == place ? code : 0x7E));
            }
        }
        WeightMatrix.Order order = WeightMatrix.Order.OUTPUT_MAJOR;
        WeightMatrix weight = half
                ? WeightMatrix.of(format, order, INPUTS, 1, codes.flip())
                : WeightMatrix.fp8(order, INPUTS, 1, codes.flip(), Matrix.of(1, 1, 0.5f));
        return PackedWeights.pack(weight).tiles().get(0);
    }

    @Test
    void formatsThatHaveNoFastWayForFiniteCodesAreRefused() {
        WeightTile tile = PackedWeights.pack(WeightMatrix.of(Matrix.of(1, 1, 0.5f)))
                .tiles()
                .get(0);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(tile::allFinite)
                .withMessage("FLOAT32 (expected: one of F16, FP8_E4M3)");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(tile::fewSubnormal)
                .withMessage("FLOAT32 (expected: one of F16, FP8_E4M3)");
    }
}
