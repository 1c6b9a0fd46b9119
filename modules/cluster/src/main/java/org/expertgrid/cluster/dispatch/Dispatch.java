package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.ReplyCodec;
import org.expertgrid.cluster.wire.TaskCodec;
import org.expertgrid.cluster.wire.Worker;
import org.expertgrid.cluster.wire.WorkerAnswer;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerTask;

/** One call of {@link Dispatcher#dispatch}: from its first task to the last of its answers. For one thread. */
public final class Dispatch {
    private static final long FIRST_PAUSE_MILLIS = 10;
    /** Longest pause between retries. A lost member is replaced within a second, so longer pauses would only add delay. */
    private static final long LONGEST_PAUSE_MILLIS = 80;
    /** Longer pauses when a member is overloaded, because every retry is extra load for it. */
    private static final long LONGEST_PAUSE_OF_OVERLOAD_MILLIS = 500;
    /** How often a caller checks that the member it waits for is still in the cluster. */
    private static final long LOOK_MILLIS = 500;

    private final Dispatcher dispatcher;
    private final HazelcastInstance hazelcast;
    private final ForwardCounters counters;
    private final RankOwners owners;
    private final long requestId;
    private final Dispatcher.Request request;
    private final Deadline deadline;
    private final List<Part> parts = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    /** The numbers of the ranks that have not answered; null before any was asked. */
    private List<Integer> open;

    private WorkerRequest own;
    private ForwardFailedException trouble;
    private byte[] rows;
    private int attempts;

    Dispatch(Dispatcher dispatcher, Dispatcher.Request request, Deadline deadline) {
        this.dispatcher = dispatcher;
        this.hazelcast = dispatcher.hazelcast();
        this.counters = dispatcher.counters();
        this.owners = dispatcher.owners();
        this.requestId = dispatcher.nextRequestId();
        this.request = request;
        this.deadline = deadline;
    }

    /** A task under way since a moment, as {@link System#nanoTime} counts. */
    private record Call(Member member, WorkerRequest request, CompletableFuture<WorkerAnswer> answer, long since) {}

    /** Asks the member of each open rank once; at first all ranks are open. */
    void submit() {
        attempts++;
        ShardSet set = dispatcher.shards();
        List<Rank> asked =
                open == null ? set.ranks() : open.stream().map(set.ranks()::get).toList();
        open = new ArrayList<>();
        own = null;
        calls.clear();
        owners.assign(asked, rank -> leaveOpen(List.of(rank), null, "no member owns its partition", null))
                .forEach((member, held) -> {
                    WorkerRequest forMember = request.of(set.deployment(), List.copyOf(held));
                    if (member.localMember()) {
                        own = forMember;
                    } else {
                        calls.add(submit(member, forMember));
                    }
                });
    }

    private Call submit(Member member, WorkerRequest request) {
        CompletableFuture<WorkerAnswer> answer = new CompletableFuture<>();
        answer.thenRun(() -> dispatcher.heardFrom(member));
        long start = System.nanoTime();
        try {
            byte[] head = TaskCodec.encodeHead(new TaskCodec.Task(requestId, deadline.millisLeft(), request));
            WorkerTask task = new WorkerTask(head, rows(request));
            counters.bytesOut.add(head.length + (long) rows.length);
            hazelcast
                    .getExecutorService(GridNames.EXECUTOR)
                    .submitToMember(task, member, MemberCalls.completing(answer));
        } catch (RuntimeException thrown) {
            answer.completeExceptionally(thrown);
        }
        Stopwatch.since(start, counters.encodingNanos);
        return new Call(member, request, answer, start);
    }

    /** Returns the rows as they travel: encoded when they first go to another member, and then the same for all. */
    private byte[] rows(WorkerRequest request) {
        if (rows == null) {
            rows = TaskCodec.encodeRows(request);
        }
        return rows;
    }

    /**
     * Computes what the caller's own member answers for, awaits the others, and asks again for what is left open, until there is
     * nothing.
     */
    List<Part> finish() {
        boolean answered = false;
        try {
            while (true) {
                await();
                if (open.isEmpty()) {
                    parts.sort(Comparator.comparing(part -> part.ranks().get(0).number()));
                    answered = true;
                    return parts;
                }
                pause();
                counters.retries.increment();
                submit();
            }
        } finally {
            if (!answered) {
                abandon();
            }
        }
    }

    /** Lets members know, where they have not answered, that they need not begin. */
    void abandon() {
        calls.forEach(this::abandon);
    }

    private void abandon(Call call) {
        if (!call.answer().isDone()) {
            dispatcher.memberCalls().abandon(call.member(), requestId);
        }
    }

    /** Takes all answers; the ranks that they leave unanswered are open after it. */
    private void await() {
        if (own != null) {
            computeOwn();
        }
        calls.forEach(this::await);
        open.sort(null);
    }

    private void computeOwn() {
        WorkerReply reply;
        Member local = null;
        try {
            local = hazelcast.getCluster().getLocalMember();
            Worker worker = Worker.of(hazelcast);
            reply = worker == null
                    ? WorkerReply.busy(own.ranks().size(), "the caller's own member is starting or ending")
                    : worker.answer(requestId, own, deadline);
        } catch (OutOfMemoryError e) {
            reply = WorkerReply.thrown(own.ranks().size(), e);
        } catch (RuntimeException | Error thrown) {
            throw failure(own.ranks(), null, "on the caller's own member: " + thrown, thrown);
        }
        take(local, own, reply);
    }

    private void await(Call call) {
        List<Rank> asked = call.request().ranks();
        try {
            long start = System.nanoTime();
            WorkerAnswer answer = answerOf(call);
            if (answer == null) {
                leaveOpen(asked, call.member(), "it left the cluster without an answer", null);
                return;
            }
            counters.bytesIn.add(answer.block().length);
            long answered = Stopwatch.since(start, counters.waitingNanos);
            ReplyCodec.Answer decoded = ReplyCodec.decode(answer.block());
            Stopwatch.since(answered, counters.combiningNanos);
            if (decoded.requestId() != requestId && decoded.reply().ok()) {
                throw failure(asked, call.member(), "answered request " + decoded.requestId(), null);
            }
            take(call.member(), call.request(), decoded.reply());
        } catch (TimeoutException e) {
            trouble = trouble instanceof OverloadedException || dispatcher.hasHeardFrom(call.member(), call.since())
                    ? new OverloadedException(message(asked, call.member(), "no time for it"), e)
                    : failure(asked, call.member(), "no answer within the deadline", e);
            throw givenUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(asked, call.member(), "the caller was interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = Faults.unwrap(e);
            if (!Faults.mayPass(cause, hazelcast)) {
                throw failure(asked, call.member(), cause.toString(), cause);
            }
            if (Faults.isOverload(cause)) {
                turnedAway(asked, call.member(), cause.toString(), cause);
            } else {
                leaveOpen(asked, call.member(), cause.toString(), cause);
            }
        }
    }

    /**
     * Returns the answer, or null where its member has left the cluster meanwhile, or has come back as another one: it forgets its
     * tasks then, and a client that is still connected to it is not told.
     */
    private WorkerAnswer answerOf(Call call) throws ExecutionException, InterruptedException, TimeoutException {
        while (true) {
            long left = deadline.millisLeft();
            try {
                return call.answer().get(Math.min(left, LOOK_MILLIS), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (left <= LOOK_MILLIS) {
                    throw e;
                }
                if (!owners.isThere(call.member())) {
                    return null;
                }
            }
        }
    }

    private void take(Member member, WorkerRequest request, WorkerReply reply) {
        if (reply.ok() && reply.statuses().size() == request.ranks().size()) {
            parts.add(new Part(request.ranks(), reply));
            return;
        }
        String what = "ranks answered " + reply.statuses() + " " + reply.message();
        if (reply.statuses().contains(RankStatus.FAILED) || reply.statuses().contains(RankStatus.NOT_CONFIGURED)) {
            if (trouble != null && deadline.millisLeft() == 0) {
                throw givenUp(); // what kept the caller waiting until then, not what the last attempt had no time for
            }
            throw failure(request.ranks(), member, what, null);
        }
        if (reply.statuses().contains(RankStatus.MISSING)) {
            dispatcher.lookAgain();
        }
        if (reply.statuses().contains(RankStatus.LOST)) {
            refuseLost(request.ranks(), member, reply.message());
        }
        if (reply.statuses().contains(RankStatus.BUSY)) {
            turnedAway(request.ranks(), member, reply.message(), null);
        } else {
            leaveOpen(request.ranks(), member, what, null);
        }
    }

    /** The lost tiles may belong to a shard set that has been replaced since. */
    private void refuseLost(List<Rank> ranks, Member member, String what) {
        ShardSet asked = dispatcher.shards();
        if (dispatcher.lookAgain() && asked.equals(dispatcher.shards())) {
            throw new WeightsLostException(message(ranks, member, what), null);
        }
    }

    private void leaveOpen(List<Rank> left, Member member, String what, Throwable cause) {
        left.forEach(rank -> open.add(rank.number()));
        trouble = failure(left, member, what, cause);
    }

    /** Leaves open what a member answers for and has no room for. */
    private void turnedAway(List<Rank> left, Member member, String why, Throwable cause) {
        left.forEach(rank -> open.add(rank.number()));
        trouble = new OverloadedException(message(left, member, "no room: " + why), cause);
    }

    private void pause() {
        long longest = trouble instanceof OverloadedException ? LONGEST_PAUSE_OF_OVERLOAD_MILLIS : LONGEST_PAUSE_MILLIS;
        long pause = Math.min(longest, FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 10));
        long jittered = ThreadLocalRandom.current().nextLong(pause / 2, pause + pause / 2);
        if (deadline.millisLeft() <= jittered) {
            throw givenUp();
        }
        try {
            TimeUnit.MILLISECONDS.sleep(jittered);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ForwardFailedException(dispatcher.message(open, null, "the caller was interrupted"), e);
        }
    }

    private ForwardFailedException givenUp() {
        String message = trouble.getMessage() + " (asked " + attempts + " times before the deadline)";
        return trouble instanceof OverloadedException
                ? new OverloadedException(
                        message + "; expected: fewer rows at a time, a longer deadline, or more members",
                        trouble.getCause())
                : new ForwardFailedException(message, trouble.getCause());
    }

    private ForwardFailedException failure(List<Rank> affected, Member member, String what, Throwable cause) {
        return new ForwardFailedException(message(affected, member, what), cause);
    }

    private String message(List<Rank> affected, Member member, String what) {
        return dispatcher.message(affected.stream().map(Rank::number).toList(), member, what);
    }
}
