package org.expertgrid.cluster.wire;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;

/** The envelope that carries a {@link WorkerReply} back. */
public final class WorkerAnswer implements IdentifiedDataSerializable {
    private byte[] block = {};

    /** For deserialisation. */
    WorkerAnswer() {}

    WorkerAnswer(byte[] block) {
        this.block = block;
    }

    public byte[] block() {
        return block;
    }

    @Override
    public int getFactoryId() {
        return EnvelopeFactory.ID;
    }

    @Override
    public int getClassId() {
        return EnvelopeFactory.ANSWER;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        Block.write(out, block);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        block = Block.read(in);
    }
}
