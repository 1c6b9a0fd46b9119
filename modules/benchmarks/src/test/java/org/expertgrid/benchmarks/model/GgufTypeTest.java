package org.expertgrid.benchmarks.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufTypeTest {
    @ParameterizedTest
    @CsvSource({"1, 0x3c00", "-2, 0xc000", "0.5, 0x3800", "65504, 0x7bff", "0.333251953125, 0x3555", "0, 0"})
    void numbersHaveTheirCodesInHalfPrecision(float number, String code) {
        assertThat(GgufType.half(number)).isEqualTo((short) (int) Integer.decode(code));
    }

    @Test
    void aBlockOf8BitsHasItsScaleAndItsCodes() {
        short[] codes = new short[32];
        codes[0] = bf16(127);
        codes[1] = bf16(-64);
        ByteBuffer block = encode(GgufType.Q8_0, codes);
        assertThat(block.getShort()).isEqualTo(GgufType.half(1));
        assertThat(block.get()).isEqualTo((byte) 127);
        assertThat(block.get()).isEqualTo((byte) -64);
    }

    @Test
    void aBlockOf4BitsHasItsFirstHalfInTheLowBits() {
        short[] codes = new short[32];
        codes[0] = bf16(-8);
        codes[16] = bf16(7);
        ByteBuffer block = encode(GgufType.Q4_1, codes);
        assertThat(block.getShort()).isEqualTo(GgufType.half(1));
        assertThat(block.getShort()).isEqualTo(GgufType.half(-8));
        assertThat(block.get()).isEqualTo((byte) 0xf0);
        assertThat(block.get()).isEqualTo((byte) 0x88);
    }

    private static ByteBuffer encode(GgufType type, short[] codes) {
        ByteBuffer block = ByteBuffer.allocate((int) type.bytes(codes.length)).order(ByteOrder.LITTLE_ENDIAN);
        type.put(codes, block);
        assertThat(block.hasRemaining()).isFalse();
        return block.flip();
    }

    private static short bf16(float number) {
        return (short) (Float.floatToIntBits(number) >>> 16);
    }
}
