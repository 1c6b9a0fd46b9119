package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * The envelope that carries a {@link WorkerRequest} to a member and runs there. It never throws: whatever goes wrong is in the
 * reply.
 */
final class WorkerTask implements Callable<WorkerAnswer>, IdentifiedDataSerializable, HazelcastInstanceAware {
    private byte[] head = {};
    private byte[] rows = {};
    private transient HazelcastInstance hazelcast;

    /** For deserialisation. */
    WorkerTask() {}

    /** Takes a head and the rows that follow it, which several tasks may share. */
    WorkerTask(byte[] head, byte[] rows) {
        this.head = head;
        this.rows = rows;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    @Override
    public WorkerAnswer call() {
        return new WorkerAnswer(LinearShardWorker.of(hazelcast).answer(head));
    }

    @Override
    public int getFactoryId() {
        return EnvelopeFactory.ID;
    }

    @Override
    public int getClassId() {
        return EnvelopeFactory.TASK;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        Block.write(out, head, rows);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        head = Block.read(in);
    }
}
