package org.expertgrid.benchmarks.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.concurrent.Callable;

/** Runs on a member: returns the bytes that its JVM has allocated on the heap so far. */
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
        // The task has no fields.
    }

    @Override
    public void readData(ObjectDataInput source) {
        // The task has no fields.
    }
}
