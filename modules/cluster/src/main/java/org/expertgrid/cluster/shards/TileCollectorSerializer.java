package org.expertgrid.cluster.shards;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;

/** Writes {@link TileCollector}s; named in the configuration of every member and client. */
public final class TileCollectorSerializer implements StreamSerializer<TileCollector> {
    private static final int TYPE_ID = 0x58470004;

    @Override
    public int getTypeId() {
        return TYPE_ID;
    }

    @Override
    public void write(ObjectDataOutput out, TileCollector collector) throws IOException {
        out.writeBoolean(collector.withBackups());
    }

    @Override
    public TileCollector read(ObjectDataInput in) throws IOException {
        return new TileCollector(in.readBoolean());
    }
}
