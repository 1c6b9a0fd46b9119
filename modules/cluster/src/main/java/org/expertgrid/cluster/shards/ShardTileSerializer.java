package org.expertgrid.cluster.shards;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import org.expertgrid.cluster.layout.Codes;
import org.expertgrid.cluster.wire.Block;
import org.expertgrid.kernels.ElementType;

/** Writes {@link ShardTile}s; named in the configuration of every member and client. */
public final class ShardTileSerializer implements StreamSerializer<ShardTile> {
    /** Above the numbers that applications commonly take. */
    private static final int TYPE_ID = 0x58470002;

    @Override
    public int getTypeId() {
        return TYPE_ID;
    }

    @Override
    public void write(ObjectDataOutput out, ShardTile tile) throws IOException {
        out.writeInt(Codes.ELEMENT_TYPES.of(tile.elementType()));
        out.writeInt(tile.inputs());
        out.writeInt(tile.outputs());
        out.writeInt(tile.tiles());
        Block.write(out, tile.elements());
    }

    @Override
    public ShardTile read(ObjectDataInput in) throws IOException {
        ElementType type = Codes.ELEMENT_TYPES.constant(in.readInt());
        return new ShardTile(type, in.readInt(), in.readInt(), in.readInt(), Block.read(in));
    }
}
