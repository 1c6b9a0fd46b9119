package org.expertgrid.cluster.shards;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import org.expertgrid.cluster.wire.Block;
import org.expertgrid.kernels.ElementType;

/** Writes {@link ShardTile}s; named in the configuration of every member and client. */
public final class ShardTileSerializer implements StreamSerializer<ShardTile> {
    @Override
    public int getTypeId() {
        return SerializerIds.SHARD_TILE;
    }

    @Override
    public void write(ObjectDataOutput out, ShardTile tile) throws IOException {
        out.writeInt(tile.elementType().ordinal());
        out.writeInt(tile.inputs());
        out.writeInt(tile.outputs());
        out.writeInt(tile.tiles());
        Block.write(out, tile.elements());
    }

    @Override
    public ShardTile read(ObjectDataInput in) throws IOException {
        ElementType type = Block.readConstant(in, ElementType.values());
        return new ShardTile(type, in.readInt(), in.readInt(), in.readInt(), Block.read(in));
    }
}
