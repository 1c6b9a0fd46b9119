package org.expertgrid.decoder.caches;

/** The type of a cached number. */
public enum CacheType {
    /** As it was computed. */
    FLOAT32(Float.BYTES) {
        @Override
        CacheElements allocate(int tiles, int rows, int width) {
            return new FloatElements(tiles, rows, width);
        }
    },
    /** Rounded to the nearest bf16, ties to even: half the memory, and results that differ in the third digit. */
    BF16(Short.BYTES) {
        @Override
        CacheElements allocate(int tiles, int rows, int width) {
            return new BrainFloatElements(tiles, rows, width);
        }
    };

    private final int bytes;

    CacheType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one number in bytes. */
    public int bytes() {
        return bytes;
    }

    abstract CacheElements allocate(int tiles, int rows, int width);
}
