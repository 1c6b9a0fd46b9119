package org.expertgrid.cluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.wire.WorkerReply;

/**
 * Some ranks whose answer is awaited: the task that was sent first, and the hedges, which ask holders of backups for the same ranks. Either
 * the first task or all hedges together give the answer. For one thread.
 */
final class Awaited {
    private final Call first;
    private final List<Call> hedges = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private CompletableFuture<WorkerReply> turn;
    private boolean firstFailed;
    private boolean gotMoreTime;
    private long lookAt;

    Awaited(Call first, long lookAt) {
        this.first = first;
        this.lookAt = lookAt;
    }

    Call first() {
        return first;
    }

    List<Call> hedges() {
        return hedges;
    }

    boolean isHedged() {
        return !hedges.isEmpty();
    }

    /** Returns when to look at it again, as {@link System#nanoTime} counts. */
    long lookAt() {
        return lookAt;
    }

    void lookAt(long nanoTime) {
        lookAt = nanoTime;
    }

    void hedge(List<Call> sent) {
        hedges.addAll(sent);
    }

    /** Takes the answer of a hedge, and returns whether all hedges have been answered. */
    boolean add(Part part) {
        parts.add(part);
        return parts.size() == hedges.size();
    }

    /** Returns what the hedges have answered. */
    List<Part> parts() {
        return parts;
    }

    /** Gives up the hedges that were sent. */
    void dropHedges() {
        hedges.clear();
        parts.clear();
        turn = null;
    }

    /** Takes note that the first task came to nothing, while hedges are under way. */
    void firstFailed() {
        firstFailed = true;
    }

    boolean hasFirstFailed() {
        return firstFailed;
    }

    /** Returns whether the member has been asked where the task stands. */
    boolean isProbed() {
        return turn != null;
    }

    void probe(CompletableFuture<WorkerReply> asked) {
        turn = asked;
    }

    /** Forgets what the member said about where the task stands, so that it is asked again. */
    void forgetProbe() {
        turn = null;
    }

    /** Returns whether the member has said where the task stands. */
    boolean memberAnswers() {
        return turn != null && turn.isDone() && !turn.isCompletedExceptionally();
    }

    /** Returns whether the member has not said yet where the task stands. */
    boolean isProbeOpen() {
        return turn != null && !turn.isDone();
    }

    /** Returns whether the member has said that the task waits for others, which it computes. */
    boolean isInQueue() {
        return memberAnswers() && MemberWatch.isInQueue(turn.join());
    }

    /** Returns true once, where the member has said that it is at work: its own answer will mostly come before that of a hedge. */
    boolean getsMoreTime() {
        boolean now = !gotMoreTime && memberAnswers() && !MemberWatch.isStuck(turn.join());
        gotMoreTime |= now;
        return now;
    }
}
