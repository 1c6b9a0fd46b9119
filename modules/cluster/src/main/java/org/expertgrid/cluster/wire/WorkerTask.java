package org.expertgrid.cluster.wire;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.lang.ref.Cleaner.Cleanable;
import java.util.concurrent.Callable;
import org.expertgrid.cluster.grid.GridNames;

/**
 * The envelope that carries a {@link WorkerRequest} to a member and runs there. It does not throw: an error is in the reply, and a
 * member without a {@link Worker} replies BUSY or NOT_CONFIGURED.
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
        // Hazelcast calls this when it has read the task, before it queues it, and may call it again.
        if (this.hazelcast == null && TaskCodec.needsRoom(head)) {
            Worker worker = Worker.of(hazelcast);
            place = worker == null ? null : worker.admit(this, head.length);
        }
        this.hazelcast = hazelcast;
    }

    @Override
    public WorkerAnswer call() {
        try {
            Worker worker = Worker.of(hazelcast);
            if (worker == null) {
                return new WorkerAnswer(ReplyCodec.encode(new ReplyCodec.Answer(0, withoutWorker())));
            }
            boolean turnedAway = place == null && TaskCodec.needsRoom(head);
            return new WorkerAnswer(turnedAway ? worker.turnAway() : worker.answer(head));
        } finally {
            if (place != null) {
                place.clean();
            }
        }
    }

    private WorkerReply withoutWorker() {
        boolean configured = hazelcast.getConfig().getListenerConfigs().stream()
                .anyMatch(listener -> GridNames.START_LISTENER.equals(listener.getClassName()));
        return configured
                ? WorkerReply.busy(1, "the member is starting or ending")
                : WorkerReply.of(RankStatus.NOT_CONFIGURED, 1, "listener " + GridNames.START_LISTENER);
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
