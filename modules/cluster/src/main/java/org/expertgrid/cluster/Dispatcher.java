package org.expertgrid.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.expertgrid.cluster.WorkerRequest.Rank;

/**
 * Sends the work of a model's ranks to the members that answer for them, and sends it again while members come and go. The only place
 * that knows members, and the only one that retries.
 *
 * <pre>
 *   ranks 0..N-1 --{@link Holders}--> one task a member, all submitted before any is awaited
 *        ^                          | every rank OK -> a part of the answer
 *        +---- ranks of the rest <--+ moved, missing, busy, member lost: whom to ask is looked up again
 * </pre>
 *
 * What it returns covers every rank exactly once; otherwise it throws.
 *
 * <p>Safe for use by many threads.
 */
final class Dispatcher {
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final HazelcastInstance hazelcast;
    private final String model;
    private final Supplier<ShardSet> shards;
    private final Runnable whenMissing;
    private final ForwardCounters counters;
    private final Holders holders;
    /** When each member answered last, as {@link System#nanoTime} counts. */
    private final Map<UUID, Long> heard = new ConcurrentHashMap<>();

    private final AtomicLong requestIds =
            new AtomicLong(ThreadLocalRandom.current().nextLong());

    /**
     * Takes a way to a model.
     *
     * @param shards the set whose ranks are to be asked, which may be another one from attempt to attempt
     * @param whenMissing called before weights that were missing are asked for again; throws where the model is gone
     */
    Dispatcher(
            HazelcastInstance hazelcast,
            String model,
            Supplier<ShardSet> shards,
            Runnable whenMissing,
            ForwardCounters counters) {
        this.hazelcast = hazelcast;
        this.model = model;
        this.shards = shards;
        this.whenMissing = whenMissing;
        this.counters = counters;
        this.holders = new Holders(hazelcast);
    }

    /** Makes the request for those of a set's ranks that one member owns. */
    interface Request {
        WorkerRequest of(UUID deployment, List<Rank> ranks);
    }

    /** A reply in which every rank is OK, and the ranks it is for. */
    record Part(List<Rank> ranks, WorkerReply reply) {}

    /**
     * Has all ranks do what is asked and returns the parts that together cover each of them once, in the order of their first
     * ranks.
     *
     * @throws WeightsLostException if weights are lost for certain
     * @throws OverloadedException if a member had no room until the deadline
     * @throws ForwardFailedException if that cannot be had, or not before the deadline
     */
    List<Part> dispatch(Request request, Deadline deadline) {
        return start(request, deadline).finish();
    }

    /** Sends the tasks of {@link #dispatch} on their way. */
    Dispatch start(Request request, Deadline deadline) {
        Dispatch dispatch = new Dispatch(request, deadline);
        try {
            dispatch.submit();
            return dispatch;
        } catch (RuntimeException | Error e) {
            dispatch.abandon();
            throw e;
        }
    }

    /** A task under way since a moment, as {@link System#nanoTime} counts. */
    private record Call(Member member, WorkerRequest request, CompletableFuture<WorkerAnswer> answer, long since) {}

    /** Returns whether the member of a call that got no answer has answered others since: it is not dead, it is busy. */
    private boolean answersOthers(Call call) {
        return heard.getOrDefault(call.member().getUuid(), call.since()) - call.since() > 0;
    }

    /** One call of {@link #dispatch}, for its caller's thread. */
    final class Dispatch {
        private final long requestId = requestIds.incrementAndGet();
        private final Request request;
        private final Deadline deadline;
        private final List<Part> parts = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        /** The numbers of the ranks that have not answered; null before any was asked. */
        private List<Integer> open;

        /** Of the set that was asked last. */
        private UUID deployment;

        private WorkerRequest own;
        private ForwardFailedException trouble;
        private byte[] rows;
        private int attempts;

        private Dispatch(Request request, Deadline deadline) {
            this.request = request;
            this.deadline = deadline;
        }

        /**
         * Computes what the caller's own member owns, awaits the others, and asks again for what is left open, until there
         * is nothing.
         */
        List<Part> finish() {
            boolean answered = false;
            try {
                while (true) {
                    await();
                    if (open.isEmpty()) {
                        parts.sort(
                                Comparator.comparing(part -> part.ranks().get(0).number()));
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
            for (Call call : calls) {
                if (!call.answer().isDone()) {
                    Members.abandon(hazelcast, call.member(), requestId);
                }
            }
        }

        /** Asks every owner of an open rank once. */
        private void submit() {
            attempts++;
            ShardSet set = shards.get();
            List<Rank> asked = open == null
                    ? set.ranks()
                    : open.stream().map(set.ranks()::get).toList();
            open = new ArrayList<>();
            own = null;
            calls.clear();
            holders.assign(set, asked, rank -> leaveOpen(List.of(rank), null, "no member owns its partition", null))
                    .forEach((member, held) -> {
                        WorkerRequest forMember = request.of(set.deployment(), List.copyOf(held));
                        if (member.localMember()) {
                            own = forMember;
                        } else {
                            calls.add(submit(member, forMember));
                        }
                    });
            deployment = set.deployment();
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
            Member local;
            try {
                local = hazelcast.getCluster().getLocalMember();
                reply = LinearShardWorker.of(hazelcast).answer(requestId, own, deadline);
            } catch (RuntimeException | Error thrown) {
                throw failure(own.ranks(), null, "on the caller's own member: " + thrown, thrown);
            }
            take(local, own, reply);
        }

        private Call submit(Member member, WorkerRequest request) {
            CompletableFuture<WorkerAnswer> answer = new CompletableFuture<>();
            answer.thenRun(() -> heard.put(member.getUuid(), System.nanoTime()));
            long start = System.nanoTime();
            try {
                byte[] head = WireFormat.encodeHead(new WireFormat.Task(requestId, deadline.millisLeft(), request));
                WorkerTask task = new WorkerTask(head, rows(request));
                counters.bytesOut.add(head.length + (long) rows.length);
                hazelcast
                        .getExecutorService(ExpertgridConfig.EXECUTOR)
                        .submitToMember(task, member, completing(answer));
            } catch (RuntimeException thrown) {
                answer.completeExceptionally(thrown);
            }
            ForwardCounters.since(start, counters.encodingNanos);
            return new Call(member, request, answer, start);
        }

        /** Returns the rows as they travel: encoded when they first go to another member, and then the same for all. */
        private byte[] rows(WorkerRequest request) {
            if (rows == null) {
                rows = WireFormat.encodeRows(request);
            }
            return rows;
        }

        private void await(Call call) {
            List<Rank> asked = call.request().ranks();
            try {
                long start = System.nanoTime();
                byte[] block = call.answer()
                        .get(deadline.millisLeft(), TimeUnit.MILLISECONDS)
                        .block();
                counters.bytesIn.add(block.length);
                long answered = ForwardCounters.since(start, counters.waitingNanos);
                WireFormat.Answer decoded = WireFormat.decodeAnswer(block);
                ForwardCounters.since(answered, counters.combiningNanos);
                if (decoded.requestId() != requestId && decoded.reply().ok()) {
                    throw failure(asked, call.member(), "answered request " + decoded.requestId(), null);
                }
                take(call.member(), call.request(), decoded.reply());
            } catch (TimeoutException e) {
                trouble = trouble instanceof OverloadedException || answersOthers(call)
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

        private void take(Member member, WorkerRequest request, WorkerReply reply) {
            if (reply.ok() && reply.statuses().size() == request.ranks().size()) {
                holders.answered(deployment, request.ranks(), member);
                parts.add(new Part(request.ranks(), reply));
                return;
            }
            String what = "ranks answered " + reply.statuses() + " " + reply.message();
            if (reply.statuses().contains(RankStatus.FAILED)) {
                throw failure(request.ranks(), member, what, null);
            }
            if (reply.statuses().contains(RankStatus.MISSING)) {
                lookAgain();
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

        /** Looks up where the shards are; returns false where a cluster in motion does not tell. */
        private boolean lookAgain() {
            try {
                whenMissing.run();
                return true;
            } catch (HazelcastException | IllegalStateException e) {
                if (!Faults.mayPass(e, hazelcast)) {
                    throw e;
                }
                return false;
            }
        }

        /** What was lost may be of a set that has been replaced since. */
        private void refuseLost(List<Rank> ranks, Member member, String what) {
            ShardSet asked = shards.get();
            if (lookAgain() && asked.equals(shards.get())) {
                throw new WeightsLostException(message(ranks, member, what), null);
            }
        }

        private void leaveOpen(List<Rank> left, Member member, String what, Throwable cause) {
            left.forEach(rank -> open.add(rank.number()));
            if (member != null) {
                holders.refused(deployment, left, member);
            }
            trouble = failure(left, member, what, cause);
        }

        /** Leaves open what a member answers for and has no room for. */
        private void turnedAway(List<Rank> left, Member member, String why, Throwable cause) {
            left.forEach(rank -> open.add(rank.number()));
            trouble = new OverloadedException(message(left, member, "no room: " + why), cause);
        }

        private void pause() {
            long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 10));
            long jittered = ThreadLocalRandom.current().nextLong(pause / 2, pause + pause / 2);
            if (deadline.millisLeft() <= jittered) {
                throw givenUp();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(jittered);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ForwardFailedException(
                        "model '" + model + "', ranks " + open + ": the caller was interrupted", e);
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
            List<Integer> numbers = affected.stream().map(Rank::number).toList();
            String where = member == null ? "" : " on " + Members.address(member);
            return "model '" + model + "', ranks " + numbers + where + ": " + what;
        }
    }

    /** A callback and not Hazelcast's future: a member that waits on that one reads the answer twice. */
    static ExecutionCallback<WorkerAnswer> completing(CompletableFuture<WorkerAnswer> answer) {
        return new ExecutionCallback<>() {
            @Override
            public void onResponse(WorkerAnswer response) {
                answer.complete(response);
            }

            @Override
            public void onFailure(Throwable thrown) {
                answer.completeExceptionally(thrown);
            }
        };
    }
}
