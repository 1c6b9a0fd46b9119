package org.expertgrid.cluster.wire;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.lang.ref.Cleaner.Cleanable;
import java.util.concurrent.Callable;
import org.expertgrid.cluster.worker.Admission;
import org.expertgrid.cluster.worker.LinearShardWorker;

/**
 * The envelope that carries a {@link WorkerRequest} to a member and runs there. Whatever goes wrong is in the reply; it throws only
 * where there is nobody to reply, on a member that is ending or whose configuration is refused.
 */
public final class WorkerTask implements Callable<WorkerAnswer>, IdentifiedDataSerializable, HazelcastInstanceAware {
    private byte[] head = {};
    private byte[] rows = {};
    private transient HazelcastInstance hazelcast;
    private transient Cleanable place;

    /** For deserialisation. */
    public WorkerTask() {}

    /** Takes a head and the rows that follow it, which several tasks may share. */
    public WorkerTask(byte[] head, byte[] rows) {
        this.head = head;
        this.rows = rows;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance hazelcast) {
        // Called where the task has been read, before it is queued, and more than once.
        if (this.hazelcast == null && WireFormat.needsRoom(head)) {
            place = Admission.of(hazelcast).admit(this, head.length);
        }
        this.hazelcast = hazelcast;
    }

    @Override
    public WorkerAnswer call() {
        try {
            LinearShardWorker worker = LinearShardWorker.of(hazelcast);
            boolean turnedAway = place == null && WireFormat.needsRoom(head);
            return new WorkerAnswer(turnedAway ? worker.turnAway() : worker.answer(head));
        } finally {
            if (place != null) {
                place.clean();
            }
        }
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
