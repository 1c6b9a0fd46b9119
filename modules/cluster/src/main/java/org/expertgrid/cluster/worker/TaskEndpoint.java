package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import java.lang.ref.Cleaner.Cleanable;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.wire.ReplyCodec;
import org.expertgrid.cluster.wire.TaskCodec;
import org.expertgrid.cluster.wire.Worker;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;

/**
 * The place where tasks reach a member: it admits a task or turns it away, decodes the request, has the member's worker answer it, and
 * encodes the reply. An error of any kind is in the reply. It lives in Hazelcast's user context while the member runs.
 *
 * <p>Safe for use by many threads.
 */
public final class TaskEndpoint implements Worker {
    private final HazelcastInstance hazelcast;
    private final LinearShardWorker worker;
    private final WorkerCounters counters;
    private final Admission admission;
    private final AtomicInteger running = new AtomicInteger();
    private volatile long lastEndedAt = System.nanoTime();

    private TaskEndpoint(HazelcastInstance hazelcast, LinearShardWorker worker) {
        this.hazelcast = hazelcast;
        this.worker = worker;
        this.counters = worker.counters();
        this.admission = Admission.of(hazelcast.getConfig(), worker.roomForTasks());
    }

    /**
     * Starts the worker of a member, and puts its endpoint where tasks find it.
     *
     * @param missing names what the member's configuration lacks
     */
    public static TaskEndpoint start(HazelcastInstance member, Supplier<List<String>> missing) {
        TaskEndpoint endpoint = new TaskEndpoint(member, new LinearShardWorker(member, missing));
        member.getUserContext().put(KEY, endpoint);
        return endpoint;
    }

    /** Has the JVM compile what the experts of all models need, on the worker's threads. Returns at once. */
    public void warmUp() {
        worker.warmUp();
    }

    /** Ends the worker's threads. Tasks that still arrive are answered that their ranks have moved. */
    public void stop() {
        worker.stop();
    }

    /** Has tiles that have come to this member or to holders of backups collected, and forgets those that are gone. For one thread. */
    public void tidy() {
        worker.tidy();
        admission.limit(worker.roomForTasks());
    }

    @Override
    public Cleanable admit(Object task, int blockBytes) {
        return admission.admit(task, blockBytes);
    }

    @Override
    public boolean isQuietFor(long nanos) {
        long pending = hazelcast
                .getExecutorService(GridNames.EXECUTOR)
                .getLocalExecutorStats()
                .getPendingTaskCount();
        return pending == 0 && running.get() == 0 && System.nanoTime() - lastEndedAt > nanos;
    }

    @Override
    public byte[] answer(byte[] block) {
        running.incrementAndGet();
        try {
            return answerCounted(block);
        } finally {
            lastEndedAt = System.nanoTime();
            running.decrementAndGet();
        }
    }

    private byte[] answerCounted(byte[] block) {
        long start = System.nanoTime();
        long requestId = 0;
        int ranks = 0;
        WorkerReply reply;
        try {
            TaskCodec.Task task = TaskCodec.decode(block);
            Stopwatch.since(start, counters.decodingNanos);
            requestId = task.requestId();
            ranks = task.request().ranks().size();
            reply = worker.answer(requestId, task.request(), Deadline.inMillis(task.timeLeftMillis()));
        } catch (Throwable thrown) {
            reply = WorkerReply.thrown(ranks, thrown);
        }
        return encode(requestId, reply);
    }

    @Override
    public byte[] turnAway() {
        counters.turnedAway.increment();
        return encode(0, WorkerReply.busy(1, admission.toString()));
    }

    private byte[] encode(long requestId, WorkerReply reply) {
        long start = System.nanoTime();
        try {
            return ReplyCodec.encode(new ReplyCodec.Answer(requestId, reply));
        } catch (Throwable thrown) {
            WorkerReply failed = WorkerReply.thrown(reply.statuses().size(), thrown);
            return ReplyCodec.encode(new ReplyCodec.Answer(requestId, failed));
        } finally {
            Stopwatch.since(start, counters.encodingNanos);
        }
    }

    @Override
    public WorkerReply answer(long requestId, WorkerRequest request, Deadline deadline) {
        return worker.answer(requestId, request, deadline);
    }
}
