package org.expertgrid.benchmarks.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.concurrent.Callable;

/** Carries bytes to a member and returns others, without any work: the least that an exchange can cost. */
final class EchoTask implements Callable<byte[]>, IdentifiedDataSerializable {
    private byte[] out;
    private int back;

    /** For deserialisation. */
    EchoTask() {}

    EchoTask(byte[] out, int back) {
        this.out = out;
        this.back = back;
    }

    @Override
    public byte[] call() {
        return new byte[back];
    }

    @Override
    public int getFactoryId() {
        return BenchmarkTasks.FACTORY;
    }

    @Override
    public int getClassId() {
        return BenchmarkTasks.ECHO;
    }

    @Override
    public void writeData(ObjectDataOutput target) throws IOException {
        target.writeInt(back);
        target.writeByteArray(out);
    }

    @Override
    public void readData(ObjectDataInput source) throws IOException {
        back = source.readInt();
        out = source.readByteArray();
    }
}
