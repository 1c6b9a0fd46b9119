package org.expertgrid.checkpoints.safetensors;

import java.util.Arrays;
import java.util.Optional;

/** The element types that tensors of a safetensors file may have; a constant has the name that the format uses. */
public enum TensorType {
    /** IEEE 754 double precision. */
    F64(8),
    /** IEEE 754 single precision. */
    F32(4),
    /** IEEE 754 half precision: 5 bits of exponent. */
    F16(2),
    /** The upper half of a single precision number: 8 bits of exponent. */
    BF16(2),
    /** 4 bits of exponent, 3 of mantissa; no infinity, and NaN at 0x7f and 0xff alone. */
    F8_E4M3(1),
    /** 5 bits of exponent, 2 of mantissa; infinity and NaN as in IEEE 754. */
    F8_E5M2(1),
    I64(8),
    U64(8),
    I32(4),
    U32(4),
    I16(2),
    U16(2),
    I8(1),
    U8(1),
    /** One byte, 0 or 1. */
    BOOL(1);

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the type that the format calls by this name, or nothing. */
    static Optional<TensorType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
