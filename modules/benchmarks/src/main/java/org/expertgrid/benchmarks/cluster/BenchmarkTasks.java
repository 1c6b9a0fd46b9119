package org.expertgrid.benchmarks.cluster;

import com.hazelcast.internal.serialization.DataSerializerHook;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** Makes our tasks for Hazelcast to read into. It is found by its name in META-INF/services, so that members need no other configuration. */
public final class BenchmarkTasks implements DataSerializerHook {
    static final int FACTORY = 0x5842;
    static final int ECHO = 1;
    static final int ALLOCATION = 2;
    static final int FOOTPRINT = 3;

    @Override
    public int getFactoryId() {
        return FACTORY;
    }

    @Override
    public DataSerializableFactory createFactory() {
        return BenchmarkTasks::create;
    }

    private static IdentifiedDataSerializable create(int classId) {
        return switch (classId) {
            case ECHO -> new EchoTask();
            case ALLOCATION -> new AllocationTask();
            case FOOTPRINT -> new FootprintTask();
            default -> throw new IllegalArgumentException("class id: " + classId + " (expected: 1 to 3)");
        };
    }
}
