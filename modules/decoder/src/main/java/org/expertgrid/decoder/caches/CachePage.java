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
            keys[layer] = type.allocate(shape.heads(), shape.keyDim(), POSITIONS);
            values[layer] = type.allocate(shape.valuesAreKeys() ? 0 : shape.heads(), POSITIONS, shape.valueDim());
        }
    }

    void putKey(int layer, int head, int slot, float[] numbers, int from) {
        keys[layer].putColumn(numbers, from, shapes.get(layer).keyDim(), head, slot);
    }

    void putValue(int layer, int head, int slot, float[] numbers, int from) {
        values[layer].putRow(numbers, from, head, slot);
    }

    void showKeys(int layer, int head, Tile tile) {
        keys[layer].show(head, shapes.get(layer).keyDim(), tile);
    }

    void showValues(int layer, int head, Tile tile) {
        CacheShape shape = shapes.get(layer);
        if (shape.valuesAreKeys()) {
            Tile ofKeys = new Tile();
            keys[layer].show(head, shape.valueDim(), ofKeys);
            transpose(ofKeys, tile.showOwn(POSITIONS, shape.valueDim()), shape.valueDim());
        } else {
            values[layer].show(head, POSITIONS, tile);
        }
    }

    private static void transpose(Tile keys, float[] values, int width) {
        for (int slot = 0; slot < POSITIONS; slot++) {
            for (int element = 0; element < width; element++) {
                values[slot * width + element] = keys.get(element, slot);
            }
        }
    }
}
