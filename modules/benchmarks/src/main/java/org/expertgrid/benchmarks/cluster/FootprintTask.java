package org.expertgrid.benchmarks.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.concurrent.Callable;

/** Asks a member to collect its garbage and say what it then holds. */
final class FootprintTask implements Callable<long[]>, IdentifiedDataSerializable {
    @Override
    public long[] call() {
        return Footprint.ofThisJvm();
    }

    @Override
    public int getFactoryId() {
        return BenchmarkTasks.FACTORY;
    }

    @Override
    public int getClassId() {
        return BenchmarkTasks.FOOTPRINT;
    }

    @Override
    public void writeData(ObjectDataOutput target) {
        // There is nothing to say.
    }

    @Override
    public void readData(ObjectDataInput source) {
        // There is nothing to read.
    }
}
