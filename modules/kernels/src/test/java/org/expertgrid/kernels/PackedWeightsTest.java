package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedWeightsTest {
    private final SplittableRandom random = new SplittableRandom(17);

    @Test
    void aPanelHasTheColumnsOfOneVectorRowAfterRowAndZerosBehindTheLast() {
        float[] values = new float[2 * 18];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        WeightTile tile = PackedWeights.pack(
                        WeightMatrix.of(Matrix.wrap(2, 18, values)), Matrix.wrap(1, 18, values(18)))
                .tiles()
                .get(0);
        assertThat(tile.floats()).startsWith(1, 2, 3).hasSize(64);
        assertThat(tile.floats()[16]).isEqualTo(19);
        assertThat(new float[] {tile.floats()[32], tile.floats()[33], tile.floats()[34], tile.floats()[48]})
                .containsExactly(17, 18, 0, 35);
        assertThat(tile.floatBias()).hasSize(32).startsWith(0, 1).endsWith(0, 0);
    }

    private static float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    @Test
    void aWordHoldsCodesOfOneColumnTheFirstInTheHighestBitsAndEachGroupBeginsWithANewWord() {
        float[] column = new float[40];
        IntStream.range(0, 40).forEach(k -> column[k] = k % 32 == 0 ? 7 : k % 7);
        WeightMatrix weight = Narrowing.of(WeightMatrix.of(Matrix.wrap(40, 1, column)), WeightFormat.INT4)
                .weight();
        WeightTile tile = PackedWeights.pack(weight.rowRange(30, 40)).tiles().get(0);
        assertThat(tile.layout().skippedInputs()).isEqualTo(30);
        assertThat(tile.layout().wordRows()).isEqualTo(2);
        assertThat(tile.words()[0]).isEqualTo(0x23 << 24);
        assertThat(tile.words()[16]).isEqualTo(0x75601234);
        assertThat(tile.scales()).hasSize(32);
    }

    @ParameterizedTest
    @EnumSource
    void tilesOfAnySizeGiveTheBitsOfOne(WeightFormat format) {
        WeightMatrix weight = Examples.weight(format, 70, 333, random);
        Matrix bias = Examples.bias(format.computedIn(), 333, random);
        Matrix x = Examples.random(format.computedIn(), 9, 70, random);
        PackedWeights whole = PackedWeights.pack(weight, bias, Integer.MAX_VALUE);
        assertThat(whole.tiles()).hasSize(1);
        for (int bytes : new int[] {1, 10_000, 50_000}) {
            PackedWeights tiled = PackedWeights.pack(weight, bias, bytes);
            PackedWeights again = PackedWeights.of(tiled.tiles());
            assertThat(again.tiles()).isEqualTo(tiled.tiles());
            assertThat(tiled.panels()).isEqualTo(whole.panels());
            assertThat(tiled.outputs()).isEqualTo(333);
            for (Kernels kernels : Examples.kernels()) {
                Matrix expected = kernels.multiply(x, whole, Activation.RELU);
                assertThat(kernels.multiply(x, again, Activation.RELU))
                        .as("%s, %s, tiles of %d bytes, seed 17", kernels.name(), format, bytes)
                        .isEqualTo(expected);
                assertThat(kernels.multiply(x.rowRange(2, 3), again, Activation.RELU))
                        .isEqualTo(expected.rowRange(2, 3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noBiasAddsNothing(WeightFormat format) {
        WeightMatrix weight = Examples.weight(format, 20, 30, random);
        Matrix x = Examples.random(format.computedIn(), 5, 20, random);
        Matrix zeros = Matrix.zeros(format.computedIn(), 1, 30);
        assertThat(PackedWeights.pack(weight).hasBias()).isFalse();
        for (Kernels kernels : Examples.kernels()) {
            assertThat(kernels.multiply(x, PackedWeights.pack(weight), Activation.IDENTITY))
                    .isEqualTo(kernels.multiply(x, PackedWeights.pack(weight, zeros), Activation.IDENTITY));
        }
    }

    @Test
    void aTileComesBackFromItsArrays() {
        for (WeightFormat format : WeightFormat.values()) {
            WeightTile tile = PackedWeights.pack(Examples.weight(format, 70, 33, random))
                    .tiles()
                    .get(0);
            TileLayout layout = tile.layout();
            WeightTile again = switch (format) {
                case FLOAT64 -> WeightTile.ofDoubles(layout, tile.doubles(), tile.doubleBias());
                case FLOAT32 -> WeightTile.ofFloats(layout, tile.floats(), tile.floatBias());
                default -> WeightTile.ofWords(layout, tile.words(), tile.scales(), tile.floatBias());
            };
            assertThat(again.bytes()).isEqualTo(tile.bytes()).isGreaterThan(70L * 33 * format.bits() / 8);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        WeightMatrix weight = WeightMatrix.of(Matrix.zeros(ElementType.FLOAT32, 5, 7));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedWeights.pack(weight, Matrix.zeros(ElementType.FLOAT32, 1, 6)))
                .withMessage("columns of the bias: 6 (expected: columns of the weight 7)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedWeights.pack(weight, Matrix.zeros(ElementType.FLOAT64, 1, 7)))
                .withMessageContaining("bias: FLOAT64 (expected: FLOAT32");
        WeightTile seven = PackedWeights.pack(weight).tiles().get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedWeights.of(List.of(seven, seven)))
                .withMessage("tile 0: 7 outputs (expected: a multiple of 16, but for the last tile)");
        assertThatIllegalArgumentException().isThrownBy(() -> PackedWeights.of(List.of()));
        TileLayout layout = new TileLayout(WeightFormat.INT4, 40, 3, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightTile.ofWords(layout, new int[80], new float[31], new float[0]))
                .withMessage("length of scales: 31 (expected: by the layout 32)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TileLayout(WeightFormat.MXFP4, 40, 3, 32))
                .withMessageContaining("skippedInputs: 32");
    }
}
