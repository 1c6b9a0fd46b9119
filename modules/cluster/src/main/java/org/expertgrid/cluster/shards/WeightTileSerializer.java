package org.expertgrid.cluster.shards;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import org.expertgrid.cluster.wire.Block;
import org.expertgrid.kernels.WeightTile;

/** Writes {@link WeightTile}s; named in the configuration of every member and client. */
public final class WeightTileSerializer implements StreamSerializer<WeightTile> {
    private static final int TYPE_ID = 0x58470002;

    @Override
    public int getTypeId() {
        return TYPE_ID;
    }

    @Override
    public void write(ObjectDataOutput out, WeightTile tile) throws IOException {
        Block.write(out, TileBytes.of(tile));
    }

    @Override
    public WeightTile read(ObjectDataInput in) throws IOException {
        return TileBytes.tile(Block.read(in));
    }
}
