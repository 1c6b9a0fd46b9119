package org.expertgrid.cluster.shards;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import java.util.UUID;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.experts.weights.MatrixRole;

/** Writes {@link ShardKey}s; named in the configuration of every member and client. */
public final class ShardKeySerializer implements StreamSerializer<ShardKey> {
    /** Above the numbers that applications commonly take. */
    private static final int TYPE_ID = 0x58470001;

    @Override
    public int getTypeId() {
        return TYPE_ID;
    }

    @Override
    public void write(ObjectDataOutput out, ShardKey key) throws IOException {
        out.writeLong(key.deployment().getMostSignificantBits());
        out.writeLong(key.deployment().getLeastSignificantBits());
        out.writeInt(key.layer());
        out.writeInt(key.expert());
        out.writeInt(key.matrix().code());
        out.writeInt(key.rank());
        out.writeInt(key.tile());
        out.writeInt(key.partitionKey());
    }

    @Override
    public ShardKey read(ObjectDataInput in) throws IOException {
        UUID deployment = new UUID(in.readLong(), in.readLong());
        int layer = in.readInt();
        int expert = in.readInt();
        MatrixRole matrix = MatrixRole.ofCode(in.readInt());
        return new ShardKey(deployment, layer, expert, matrix, in.readInt(), in.readInt(), in.readInt());
    }
}
