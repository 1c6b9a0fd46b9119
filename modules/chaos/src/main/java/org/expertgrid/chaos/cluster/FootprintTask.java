package org.expertgrid.chaos.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.concurrent.Callable;

/** Runs on a member: collects the garbage of its JVM and returns the numbers of its {@link Footprint}. */
final class FootprintTask implements Callable<long[]>, IdentifiedDataSerializable {
    @Override
    public long[] call() {
        return Footprint.ofThisJvm();
    }

    @Override
    public int getFactoryId() {
        return ChaosTasks.FACTORY;
    }

    @Override
    public int getClassId() {
        return ChaosTasks.FOOTPRINT;
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
