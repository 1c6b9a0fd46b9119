package org.expertgrid.benchmarks.model;

import java.nio.ByteBuffer;
import java.util.List;
import org.expertgrid.kernels.WeightFormat;

/** The types of GGUF tensors that are written here, with the formulas of ggml's reference code. */
enum GgufType {
    F32(0, 1, 4, WeightFormat.FLOAT32),
    BF16(30, 1, 2, WeightFormat.BF16),
    /** Blocks of 32: a scale in half precision, and 32 bytes. */
    Q8_0(8, 32, 34, WeightFormat.INT8, WeightFormat.W8A8),
    /**
     * Blocks of 32: a scale and the least number in half precision, and 32 codes of 4 bits. It has as many bits a weight as INT4. With experts
     * in Q4_0, which has half a bit less, build b4916 ends the process: an assertion about its working memory fails.
     */
    Q4_1(3, 32, 20, WeightFormat.INT4, WeightFormat.W4A8);

    private final int code;
    private final int block;
    private final int blockBytes;
    private final List<WeightFormat> counterparts;

    GgufType(int code, int block, int blockBytes, WeightFormat... counterparts) {
        this.code = code;
        this.counterparts = List.of(counterparts);
        this.block = block;
        this.blockBytes = blockBytes;
    }

    /** Returns the type that has as many bits for a weight as a format of Expertgrid. */
    static GgufType of(WeightFormat format) {
        for (GgufType type : values()) {
            if (type.counterparts.contains(format)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "weights: " + format + " (expected: float32, bf16, int8, int4, w8a8 or w4a8)");
    }

    int code() {
        return code;
    }

    /** Returns the bytes of that many elements, a multiple of the block. */
    long bytes(long elements) {
        return elements / block * blockBytes;
    }

    /** Encodes a row. */
    void put(short[] codes, ByteBuffer to) {
        switch (this) {
            case F32 -> {
                for (short one : codes) {
                    to.putFloat(RandomTensor.widen(one));
                }
            }
            case BF16 -> {
                for (short one : codes) {
                    to.putShort(one);
                }
            }
            case Q8_0 -> {
                for (int i = 0; i < codes.length; i += block) {
                    putQ8(codes, i, to);
                }
            }
            case Q4_1 -> {
                for (int i = 0; i < codes.length; i += block) {
                    putQ4(codes, i, to);
                }
            }
        }
    }

    private void putQ8(short[] codes, int from, ByteBuffer to) {
        float scale = Math.abs(farthest(codes, from)) / Byte.MAX_VALUE;
        to.putShort(half(scale));
        for (int i = from; i < from + block; i++) {
            to.put((byte) (scale == 0 ? 0 : Math.round(RandomTensor.widen(codes[i]) / scale)));
        }
    }

    private void putQ4(short[] codes, int from, ByteBuffer to) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + block; i++) {
            least = Math.min(least, RandomTensor.widen(codes[i]));
            most = Math.max(most, RandomTensor.widen(codes[i]));
        }
        float scale = (most - least) / 15;
        to.putShort(half(scale)).putShort(half(least));
        for (int i = from; i < from + block / 2; i++) {
            to.put((byte) (nibble(codes[i], scale, least) | nibble(codes[i + block / 2], scale, least) << 4));
        }
    }

    private static int nibble(short code, float scale, float least) {
        return scale == 0 ? 0 : (int) Math.min(15, (RandomTensor.widen(code) - least) / scale + 0.5F);
    }

    /** Returns the number of the largest magnitude in a block. */
    private float farthest(short[] codes, int from) {
        float farthest = 0;
        for (int i = from; i < from + block; i++) {
            float value = RandomTensor.widen(codes[i]);
            if (Math.abs(value) > Math.abs(farthest)) {
                farthest = value;
            }
        }
        return farthest;
    }

    /** Rounds to half precision, which Java can do only from version 20 on. Scales here are neither subnormal nor large. */
    static short half(float value) {
        int bits = Float.floatToIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int rounded = (bits & 0x7fffffff) + 0xfff + (bits >>> 13 & 1);
        int exponent = (rounded >>> 23) - 127 + 15;
        return exponent <= 0 ? (short) sign : (short) (sign | exponent << 10 | rounded >>> 13 & 0x3ff);
    }
}
