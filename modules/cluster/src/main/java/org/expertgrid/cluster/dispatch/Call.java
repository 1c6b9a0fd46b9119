package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.wire.ReplyCodec;
import org.expertgrid.cluster.wire.WorkerAnswer;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;

/** A task that was sent to a member, and its answer when there is one. For one thread; its answer may come on any. */
final class Call {
    private final Member member;
    private final WorkerRequest request;
    private final long requestId;
    private final long since = System.nanoTime();
    private final CompletableFuture<WorkerAnswer> answer = new CompletableFuture<>();
    private volatile long answeredAt;
    private WorkerReply reply;

    Call(Member member, WorkerRequest request, long requestId) {
        this.member = member;
        this.request = request;
        this.requestId = requestId;
    }

    Member member() {
        return member;
    }

    WorkerRequest request() {
        return request;
    }

    List<Rank> ranks() {
        return request.ranks();
    }

    long requestId() {
        return requestId;
    }

    /** Returns when it was sent, as {@link System#nanoTime} counts. */
    long since() {
        return since;
    }

    CompletableFuture<WorkerAnswer> answer() {
        return answer;
    }

    /** Returns the work of the task: its rows times its ranks; 0 for a task that computes nothing. */
    long work() {
        return (long) request.rowsToCompute() * request.ranks().size();
    }

    void answeredNow() {
        answeredAt = System.nanoTime();
    }

    /** Returns how long the answer took. */
    long nanos() {
        return answeredAt - since;
    }

    /** Takes the reply of the caller's own member. */
    void computedHere(WorkerReply computed) {
        reply = computed;
    }

    /**
     * Returns the reply, once the answer is there.
     *
     * @throws ExecutionException if there is a fault in place of an answer
     */
    WorkerReply reply() throws ExecutionException, InterruptedException {
        if (reply == null) {
            ReplyCodec.Answer decoded = ReplyCodec.decode(answer.get().block());
            boolean ofAnother =
                    decoded.requestId() != requestId && decoded.reply().ok();
            reply = ofAnother
                    ? WorkerReply.failed(ranks().size(), "answered request " + decoded.requestId())
                    : decoded.reply();
        }
        return reply;
    }

    /** Returns the part of the result that the answer is, or null where it is none. */
    Part part() throws ExecutionException, InterruptedException {
        WorkerReply given = reply();
        return given.ok() && given.statuses().size() == ranks().size() ? new Part(ranks(), given) : null;
    }
}
