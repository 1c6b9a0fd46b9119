package org.expertgrid.decoder.caches;

import java.util.List;

/** The keys and values of {@link #POSITIONS} consecutive positions in all layers. */
final class CachePage {
    static final int POSITIONS = 64;

    private final List<CacheShape> shapes;
    private final CacheElements[] keys;
    private final CacheElements[] values;

    CachePage(List<CacheShape> shapes, CacheType type) {
        this.shapes = shapes;
        this.keys = new CacheElements[shapes.size()];
        this.values = new CacheElements[shapes.size()];
        for (int layer = 0; layer < keys.length; layer++) {
            CacheShape shape = shapes.get(layer);
            keys[layer] = type.allocate(shape.heads() * shape.keyDim() * POSITIONS);
            values[layer] = type.allocate(shape.valuesAreKeys() ? 0 : shape.heads() * shape.valueDim() * POSITIONS);
        }
    }

    void putKey(int layer, int head, int slot, float[] numbers, int from) {
        int width = shapes.get(layer).keyDim();
        keys[layer].put(numbers, from, width, head * width * POSITIONS + slot, POSITIONS);
    }

    void putValue(int layer, int head, int slot, float[] numbers, int from) {
        int width = shapes.get(layer).valueDim();
        values[layer].put(numbers, from, width, (head * POSITIONS + slot) * width, 1);
    }

    void showKeys(int layer, int head, Tile tile) {
        int count = shapes.get(layer).keyDim() * POSITIONS;
        keys[layer].show(head * count, count, tile);
    }

    void showValues(int layer, int head, Tile tile) {
        CacheShape shape = shapes.get(layer);
        int count = shape.valueDim() * POSITIONS;
        if (shape.valuesAreKeys()) {
            Tile ofKeys = new Tile();
            keys[layer].show(head * shape.keyDim() * POSITIONS, count, ofKeys);
            transpose(ofKeys, shape.valueDim(), tile.showOwn(count));
        } else {
            values[layer].show(head * count, count, tile);
        }
    }

    private static void transpose(Tile keys, int width, float[] values) {
        for (int element = 0; element < width; element++) {
            for (int slot = 0; slot < POSITIONS; slot++) {
                values[slot * width + element] = keys.numbers()[keys.from() + element * POSITIONS + slot];
            }
        }
    }
}
