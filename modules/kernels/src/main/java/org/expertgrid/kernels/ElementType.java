package org.expertgrid.kernels;

/** The type of a matrix's elements: every matrix of one model has the same. */
public enum ElementType {
    /** IEEE 754 double precision, the seed's own; results agree with the reference to 1e-12 of scale. */
    FLOAT64(Double.BYTES),
    /** IEEE 754 single precision: half the bytes, twice the speed, 1e-5 of scale. */
    FLOAT32(Float.BYTES);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
