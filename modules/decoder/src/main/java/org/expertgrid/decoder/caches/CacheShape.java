package org.expertgrid.decoder.caches;

/**
 * The numbers that one layer keeps for a position.
 *
 * @param heads the number of heads of keys and values
 * @param keyDim the width of a key
 * @param valueDim the width of a value
 * @param valuesAreKeys whether a value is the beginning of its key, and so is not kept a second time
 */
public record CacheShape(int heads, int keyDim, int valueDim, boolean valuesAreKeys) {
    /** Returns how many numbers the layer keeps of one position. */
    public int elements() {
        return heads * (valuesAreKeys ? keyDim : keyDim + valueDim);
    }
}
