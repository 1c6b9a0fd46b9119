package org.expertgrid.cluster.shards;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import java.util.UUID;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.wire.Block;

/** Writes {@link ShardKey}s; named in the configuration of every member and client. */
public final class ShardKeySerializer implements StreamSerializer<ShardKey> {
    @Override
    public int getTypeId() {
        return SerializerIds.SHARD_KEY;
    }

    @Override
    public void write(ObjectDataOutput out, ShardKey key) throws IOException {
        out.writeLong(key.deployment().getMostSignificantBits());
        out.writeLong(key.deployment().getLeastSignificantBits());
        out.writeInt(key.expert());
        out.writeInt(key.matrix().ordinal());
        out.writeInt(key.rank());
        out.writeInt(key.tile());
        out.writeInt(key.partitionKey());
    }

    @Override
    public ShardKey read(ObjectDataInput in) throws IOException {
        UUID deployment = new UUID(in.readLong(), in.readLong());
        int expert = in.readInt();
        MatrixRole matrix = Block.readConstant(in, MatrixRole.values());
        return new ShardKey(deployment, expert, matrix, in.readInt(), in.readInt(), in.readInt());
    }
}
