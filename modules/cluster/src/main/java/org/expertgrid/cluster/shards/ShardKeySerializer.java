package org.expertgrid.cluster.shards;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import java.util.UUID;
import org.expertgrid.cluster.layout.Codes;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ShardKey;

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
        out.writeInt(key.expert());
        out.writeInt(Codes.MATRICES.of(key.matrix()));
        out.writeInt(key.rank());
        out.writeInt(key.tile());
        out.writeInt(key.partitionKey());
    }

    @Override
    public ShardKey read(ObjectDataInput in) throws IOException {
        UUID deployment = new UUID(in.readLong(), in.readLong());
        int expert = in.readInt();
        MatrixRole matrix = Codes.MATRICES.constant(in.readInt());
        return new ShardKey(deployment, expert, matrix, in.readInt(), in.readInt(), in.readInt());
    }
}
