package org.expertgrid.benchmarks.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.concurrent.Callable;

/** Asks a member how much heap its JVM has allocated so far. */
final class AllocationTask implements Callable<Long>, IdentifiedDataSerializable {
    @Override
    public Long call() {
        return AllocatedBytes.ofThisJvm();
    }

    @Override
    public int getFactoryId() {
        return BenchmarkTasks.FACTORY;
    }

    @Override
    public int getClassId() {
        return BenchmarkTasks.ALLOCATION;
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
