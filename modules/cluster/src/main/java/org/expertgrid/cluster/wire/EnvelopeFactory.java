package org.expertgrid.cluster.wire;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** Makes our empty envelopes for Hazelcast to read into; named in the configuration of every member and client. */
public final class EnvelopeFactory implements DataSerializableFactory {
    /** Hazelcast's number for this factory: "XG" in ASCII, far from Hazelcast's own, which are negative. */
    public static final int ID = 0x5847;

    static final int TASK = 1;
    static final int ANSWER = 2;

    @Override
    public IdentifiedDataSerializable create(int classId) {
        return switch (classId) {
            case TASK -> new WorkerTask();
            case ANSWER -> new WorkerAnswer();
            default -> throw new IllegalArgumentException("class id: " + classId + " (expected: 1 or 2)");
        };
    }
}
