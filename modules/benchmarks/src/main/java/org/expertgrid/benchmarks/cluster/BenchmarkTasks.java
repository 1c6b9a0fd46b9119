package org.expertgrid.benchmarks.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import org.expertgrid.cluster.local.MemberSetup;

/** Registers the tasks of this module with each member, so that Hazelcast can deserialise them there. */
public final class BenchmarkTasks implements MemberSetup {
    static final int FACTORY = 0x5842;
    static final int ECHO = 1;
    static final int ALLOCATION = 2;

    @Override
    public void addTo(Config config) {
        config.getSerializationConfig().addDataSerializableFactory(FACTORY, BenchmarkTasks::create);
    }

    private static IdentifiedDataSerializable create(int classId) {
        return switch (classId) {
            case ECHO -> new EchoTask();
            case ALLOCATION -> new AllocationTask();
            default ->
                throw new IllegalArgumentException(
                        "class id: " + classId + " (expected: " + ECHO + " or " + ALLOCATION + ")");
        };
    }
}
