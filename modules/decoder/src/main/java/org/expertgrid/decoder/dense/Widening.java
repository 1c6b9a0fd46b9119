package org.expertgrid.decoder.dense;

import java.nio.ByteBuffer;
import org.expertgrid.checkpoints.safetensors.TensorType;

/** Widens stored numbers to float32: exactly, but for float64, which is rounded. */
final class Widening {
    private Widening() {}

    /** Returns whether numbers of that type can be widened. */
    static boolean knows(TensorType type) {
        return switch (type) {
            case F64, F32, BF16, F16 -> true;
            default -> false;
        };
    }

    /** Returns what {@code stored} holds. */
    static float[] floats(ByteBuffer stored, TensorType type) {
        float[] widened = new float[stored.remaining() / type.bytes()];
        int first = stored.position();
        switch (type) {
            case F64 -> {
                for (int i = 0; i < widened.length; i++) {
                    widened[i] = (float) stored.getDouble(first + i * Double.BYTES);
                }
            }
            case F32 -> stored.asFloatBuffer().get(widened);
            case BF16 -> {
                for (int i = 0; i < widened.length; i++) {
                    widened[i] = Float.intBitsToFloat(stored.getShort(first + i * Short.BYTES) << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < widened.length; i++) {
                    widened[i] = half(stored.getShort(first + i * Short.BYTES));
                }
            }
            default -> throw new IllegalArgumentException("type: " + type + " (expected: F64, F32, BF16 or F16)");
        }
        return widened;
    }

    /** Returns the value of an IEEE 754 half: a sign, 5 bits of exponent with bias 15, and 10 bits of fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude =
                switch (exponent) {
                    case 0 -> fraction * 0x1p-24f;
                    case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> Float.intBitsToFloat(exponent - 15 + 127 << 23 | fraction << 13);
                };
        return bits < 0 ? -magnitude : magnitude;
    }
}
