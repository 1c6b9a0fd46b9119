package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.wire.TaskCodec;
import org.expertgrid.cluster.wire.Worker;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerTask;

/** Sends the tasks of one dispatch, and hands over their answers in the order in which they arrive. For one thread. */
final class Calls {
    private final Dispatcher dispatcher;
    private final HazelcastInstance hazelcast;
    private final ForwardCounters counters;
    private final Deadline deadline;
    private final BlockingQueue<Call> arrived = new LinkedBlockingQueue<>();
    private byte[] rows;

    Calls(Dispatcher dispatcher, Deadline deadline) {
        this.dispatcher = dispatcher;
        this.hazelcast = dispatcher.hazelcast();
        this.counters = dispatcher.counters();
        this.deadline = deadline;
    }

    /** Sends a task to another member. Does not wait for it. */
    Call send(Member member, WorkerRequest request) {
        Call call = new Call(member, request, dispatcher.nextRequestId());
        call.answer().whenComplete((answer, thrown) -> {
            call.answeredNow();
            if (answer != null) {
                counters.bytesIn.add(answer.block().length);
                dispatcher.watch().heardFrom(member);
            }
            arrived.add(call);
        });
        try {
            byte[] head = TaskCodec.encodeHead(new TaskCodec.Task(call.requestId(), deadline.millisLeft(), request));
            WorkerTask task = new WorkerTask(head, rows(request));
            counters.bytesOut.add(head.length + (long) rows.length);
            hazelcast
                    .getExecutorService(GridNames.EXECUTOR)
                    .submitToMember(task, member, MemberCalls.completing(call.answer()));
        } catch (RuntimeException thrown) {
            call.answer().completeExceptionally(thrown);
        }
        Stopwatch.since(call.since(), counters.encodingNanos);
        dispatcher.budget().taskSent();
        return call;
    }

    /** Sends a task to another member, and asks where it stands, so that the member is known soon if it is silent. */
    Call sendHedge(Member member, WorkerRequest request) {
        Call hedge = send(member, request);
        dispatcher.watch().probe(member, hedge.requestId());
        return hedge;
    }

    /** Returns the rows as they travel: encoded when they first go to another member, and then the same for all. */
    private byte[] rows(WorkerRequest request) {
        if (rows == null) {
            rows = TaskCodec.encodeRows(request);
        }
        return rows;
    }

    /** Computes a task on the caller's own member, on this thread. Its reply has arrived then. */
    Call compute(Member local, WorkerRequest request) {
        Call call = new Call(local, request, dispatcher.nextRequestId());
        Worker worker = Worker.of(hazelcast);
        try {
            call.computedHere(
                    worker == null
                            ? WorkerReply.busy(call.ranks().size(), "the caller's own member is starting or ending")
                            : worker.answer(call.requestId(), request, deadline));
        } catch (OutOfMemoryError e) {
            call.computedHere(WorkerReply.thrown(call.ranks().size(), e));
        }
        arrived.add(call);
        return call;
    }

    /** Returns the next call that has an answer, or null where none arrives within that time. */
    Call next(long nanos) throws InterruptedException {
        Call ready = arrived.poll();
        if (ready != null) {
            return ready;
        }
        long start = System.nanoTime();
        try {
            return arrived.poll(nanos, TimeUnit.NANOSECONDS);
        } finally {
            Stopwatch.since(start, counters.waitingNanos);
        }
    }

    /** Lets a member know, where it has not answered, that it need not begin. */
    void abandon(Call call) {
        if (!call.answer().isDone() && !call.member().localMember()) {
            dispatcher.memberCalls().abandon(call.member(), call.requestId());
        }
    }
}
