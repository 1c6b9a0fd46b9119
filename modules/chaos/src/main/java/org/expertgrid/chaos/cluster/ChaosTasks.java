package org.expertgrid.chaos.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import org.expertgrid.cluster.local.MemberSetup;

/** Registers the task of this module with each member, so that Hazelcast can deserialise it there. */
public final class ChaosTasks implements MemberSetup {
    static final int FACTORY = 0x5843;
    static final int FOOTPRINT = 1;

    @Override
    public void addTo(Config config) {
        config.getSerializationConfig().addDataSerializableFactory(FACTORY, ChaosTasks::create);
    }

    private static IdentifiedDataSerializable create(int classId) {
        if (classId != FOOTPRINT) {
            throw new IllegalArgumentException("class id: " + classId + " (expected: " + FOOTPRINT + ")");
        }
        return new FootprintTask();
    }
}
