package org.expertgrid.decoder.caches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CachePoolTest {
    private static final CacheShape SHAPE = new CacheShape(2, 3, 5, false);

    @Test
    void thePagesFitIntoTheirBytesAndThereIsAtLeastOne() {
        long bytesOfPage = 64 * 2 * (3 + 5) * Float.BYTES;
        assertThat(new CachePool(List.of(SHAPE), CacheType.FLOAT32, 1000, 3 * bytesOfPage - 1).mostPositions())
                .isEqualTo(128);
        assertThat(new CachePool(List.of(SHAPE), CacheType.FLOAT32, 1000, 1).mostPositions())
                .isEqualTo(64);
    }

    @Test
    void aSequenceTakesNoMoreThanOthersLeave() {
        CachePool pool = new CachePool(List.of(SHAPE), CacheType.FLOAT32, 130, Long.MAX_VALUE);
        assertThat(pool.mostPositions()).isEqualTo(192);
        SequenceCache first = pool.open(150);
        SequenceCache second = pool.open(150);
        assertThat(first.reserve(65)).isTrue();
        assertThat(second.reserve(65)).isFalse();
        assertThat(pool.usedPositions()).isEqualTo(128);
        first.close();
        first.close();
        assertThat(second.reserve(65)).isTrue();
        second.close();
        assertThat(pool.usedPositions()).isZero();
        assertThatThrownBy(() -> first.reserve(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSequenceThatBecomesTooLongIsRefused() {
        SequenceCache cache = new CachePool(List.of(SHAPE), CacheType.FLOAT32, 1000, Long.MAX_VALUE).open(10);
        assertThat(cache.reserve(10)).isTrue();
        cache.advance(10);
        assertThatThrownBy(() -> cache.reserve(1))
                .hasMessage("positions: 10 + 1 (expected: at most the 10 that the sequence may have)");
    }

    @ParameterizedTest
    @EnumSource(CacheType.class)
    void storedKeysAndValuesAreReturned(CacheType type) {
        SequenceCache cache = new CachePool(List.of(SHAPE, SHAPE), type, 1000, Long.MAX_VALUE).open(200);
        cache.reserve(100);
        float[] key = {0, 1.5f, -2, 3};
        float[] value = {4, 5, -6, 7, 0.5f};
        cache.putKey(1, 1, 70, key, 1);
        cache.putValue(1, 1, 70, value, 0);
        Tile tile = new Tile();
        cache.showKeys(1, 1, 1, tile);
        for (int element = 0; element < 3; element++) {
            assertThat(tile.get(element, 70 - SequenceCache.PAGE)).isEqualTo(key[element + 1]);
        }
        cache.showValues(1, 1, 1, tile);
        assertThat(row(tile, 70 - SequenceCache.PAGE, value.length)).containsExactly(value);
    }

    @ParameterizedTest
    @EnumSource(CacheType.class)
    void aValueThatBeginsItsKeyIsKeptOnce(CacheType type) {
        CacheShape latent = new CacheShape(1, 3, 2, true);
        assertThat(latent.elements()).isEqualTo(3);
        SequenceCache cache = new CachePool(List.of(latent), type, 100, Long.MAX_VALUE).open(100);
        cache.reserve(10);
        cache.putKey(0, 0, 9, new float[] {1, 2, 3}, 0);
        Tile tile = new Tile();
        cache.showValues(0, 0, 0, tile);
        assertThat(row(tile, 9, 2)).containsExactly(1, 2);
    }

    @Test
    void bf16IsTheNearestAndTheEvenOneAmongEquals() {
        BrainFloatElements elements = new BrainFloatElements(1, 1, 5);
        float[] numbers = {1 + 0x1p-8f, 1 + 0x1p-7f + 0x1p-8f, 1 + 0x1.8p-8f, Float.NaN, Float.NEGATIVE_INFINITY};
        elements.putRow(numbers, 0, 0, 0);
        Tile tile = new Tile();
        elements.show(0, 1, tile);
        assertThat(row(tile, 0, 5)).containsExactly(1, 1 + 0x1p-6f, 1 + 0x1p-7f, Float.NaN, Float.NEGATIVE_INFINITY);
    }

    private static float[] row(Tile tile, int row, int width) {
        float[] numbers = new float[width];
        for (int i = 0; i < width; i++) {
            numbers[i] = tile.get(row, i);
        }
        return numbers;
    }
}
