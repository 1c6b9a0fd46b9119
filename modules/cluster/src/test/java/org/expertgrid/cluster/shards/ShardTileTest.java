package org.expertgrid.cluster.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Test;

class ShardTileTest {
    @Test
    void aSliceIsPutTogetherFromItsTiles() {
        LinearWeights slice = Models.weights(ElementType.FLOAT32).expert(1).fc1();
        assertThat(ShardTile.join(ShardTile.cut(slice))).isEqualTo(slice);
    }

    @Test
    void aSizeThatLiesIsRefusedBeforeAnythingIsAllocatedForIt() {
        for (int[] size : new int[][] {{1 << 20, 1 << 10}, {Integer.MAX_VALUE, 1}, {-1, 4}, {3, 0}, {1, 1}}) {
            ShardTile lying = new ShardTile(ElementType.FLOAT64, size[0], size[1], 1, new byte[24]);
            assertThatThrownBy(() -> ShardTile.join(List.of(lying)))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining("tiles: 24 bytes");
        }
    }
}
