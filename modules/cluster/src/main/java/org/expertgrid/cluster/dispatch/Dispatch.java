package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;

/** One call of {@link Dispatcher#dispatch}: from its first task to the last of its answers. For one thread. */
public final class Dispatch {
    private final Dispatcher dispatcher;
    private final HazelcastInstance hazelcast;
    private final ForwardCounters counters;
    private final RankOwners owners;
    private final Dispatcher.Request request;
    private final Deadline deadline;
    private final Calls calls;
    private final Trouble trouble;
    private final Lateness lateness;
    private final List<Part> parts = new ArrayList<>();
    /** The answers that are awaited: one for the first task and one for each hedge. */
    private final Map<Call, Awaited> awaited = new LinkedHashMap<>();
    /** The numbers of the ranks that have not answered; null before any was asked. */
    private List<Integer> open;

    private final List<Rank> unowned = new ArrayList<>();
    /** The member that did not have a rank when it was asked last, by the number of the rank. */
    private final Map<Integer, Member> refusedBy = new HashMap<>();
    /** The numbers of the ranks that were asked of holders at once, because the first task of this attempt failed. */
    private final Set<Integer> askedOfHolders = new HashSet<>();

    private ShardSet set;
    private Member local;
    private WorkerRequest own;

    Dispatch(Dispatcher dispatcher, Dispatcher.Request request, Deadline deadline) {
        this.dispatcher = dispatcher;
        this.hazelcast = dispatcher.hazelcast();
        this.counters = dispatcher.counters();
        this.owners = dispatcher.owners();
        this.request = request;
        this.deadline = deadline;
        this.calls = new Calls(dispatcher, deadline);
        this.trouble = new Trouble(dispatcher, deadline);
        this.lateness = new Lateness(dispatcher);
    }

    /** Asks a member for each open rank once; at first all ranks are open. */
    void submit() {
        trouble.newAttempt();
        set = dispatcher.shards();
        List<Rank> asked =
                open == null ? set.ranks() : open.stream().map(set.ranks()::get).toList();
        open = new ArrayList<>();
        askedOfHolders.clear();
        own = null;
        assign(asked).forEach((member, ranks) -> {
            WorkerRequest forMember = request.of(set.deployment(), List.copyOf(ranks));
            if (member.localMember()) {
                local = member;
                own = forMember;
            } else {
                send(member, forMember);
            }
        });
    }

    private void send(Member member, WorkerRequest part) {
        Call call = calls.send(member, part);
        awaited.put(call, new Awaited(call, lateness.firstLook(call)));
    }

    private Map<Member, List<Rank>> assign(List<Rank> ranks) {
        Consumer<Rank> unowned = rank -> {
            this.unowned.add(rank);
            leaveOpen(List.of(rank), null, "no member owns its partition", null);
        };
        this.unowned.clear();
        boolean computes = request.of(set.deployment(), ranks).rowsToCompute() > 0;
        return computes
                ? owners.assignToThoseThatAnswer(set.deployment(), ranks, refusedBy, unowned)
                : owners.assign(ranks, unowned);
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
                Dispatcher other = dispatcher.around();
                if (other != null) {
                    return other.dispatch(request, deadline);
                }
                trouble.refuseFrozen(unowned);
                trouble.pause(open);
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
        awaited.keySet().forEach(calls::abandon);
    }

    /** Takes all answers; the ranks that they leave unanswered are open after it. */
    private void await() {
        if (own != null) {
            awaited.put(compute(local, own), null);
        }
        while (!awaited.isEmpty()) {
            arrived(next());
            lookAtLate();
        }
        open.sort(null);
    }

    private Call compute(Member member, WorkerRequest part) {
        try {
            return calls.compute(member, part);
        } catch (RuntimeException | Error thrown) {
            throw trouble.failure(part.ranks(), null, "on the caller's own member: " + thrown, thrown);
        }
    }

    /** Returns the next call that has an answer, or null when it is time to look at those that have none. */
    private Call next() {
        long lookAt = awaited.values().stream()
                .filter(Objects::nonNull)
                .mapToLong(Awaited::lookAt)
                .reduce(deadline.nanoTime(), (one, other) -> one - other < 0 ? one : other);
        try {
            Call call = calls.next(Math.max(0, lookAt - System.nanoTime()));
            if (call == null && deadline.passed()) {
                throw trouble.timedOut(awaited.keySet().iterator().next());
            }
            return call;
        } catch (InterruptedException e) {
            Call waitsFor = awaited.keySet().iterator().next();
            throw trouble.interrupted(waitsFor.ranks(), waitsFor.member(), e);
        }
    }

    private void arrived(Call call) {
        if (call == null || !awaited.containsKey(call)) {
            return; // it was abandoned
        }
        Awaited one = awaited.remove(call);
        if (one == null || !one.isHedged()) {
            settle(call);
        } else if (call == one.first()) {
            arrivedBeforeItsHedges(one);
        } else {
            arrivedAsHedge(one, call);
        }
    }

    private void arrivedBeforeItsHedges(Awaited one) {
        if (partOf(one.first()) == null) {
            one.firstFailed();
        } else {
            dropHedges(one);
            settle(one.first());
        }
    }

    private void arrivedAsHedge(Awaited one, Call hedge) {
        Part part = partOf(hedge);
        if (part == null) {
            dropHedges(one);
            one.lookAt(lateness.nextLook());
            if (one.hasFirstFailed()) {
                settle(one.first());
            }
        } else if (one.add(part)) {
            parts.addAll(one.parts());
            counters.hedgesWon.add(one.hedges().size());
            dispatcher.watch().fellSilent(one.first().member());
            if (awaited.remove(one.first()) != null) {
                calls.abandon(one.first());
            }
        }
    }

    /** Returns what a call has answered, or null where it is no part of the result. */
    private Part partOf(Call call) {
        try {
            Part part = call.part();
            if (part == null && call.reply().statuses().contains(RankStatus.MOVED)) {
                owners.lacks(set.deployment(), call.ranks(), call.member());
            }
            return part;
        } catch (ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            throw trouble.interrupted(call.ranks(), call.member(), e);
        }
    }

    private void dropHedges(Awaited one) {
        counters.hedgesWasted.add(one.hedges().size());
        for (Call hedge : one.hedges()) {
            if (awaited.remove(hedge) != null) {
                calls.abandon(hedge);
            }
        }
        one.dropHedges();
    }

    /** Looks at the tasks whose answers are late. */
    private void lookAtLate() {
        long now = System.nanoTime();
        awaited.values().stream()
                .filter(one -> one != null && one.lookAt() - now <= 0)
                .distinct()
                .toList()
                .forEach(this::look);
    }

    /**
     * Asks the member first where the task stands. There is no hedge while it waits for others, because a hedge would make the queue longer. A member that
     * is at work gets the usual time once more.
     */
    private void look(Awaited one) {
        Call first = one.first();
        if (one.isHedged()) {
            lookAtHedges(one);
        } else if (!owners.isThere(first.member())) {
            // It may have come back as another member: it forgets its tasks then, and a client is not told.
            awaited.remove(first);
            askHolders(first, "it left the cluster without an answer", null);
        } else if (first.work() == 0) {
            one.lookAt(lateness.nextLook());
        } else if (!one.isProbed()) {
            one.probe(dispatcher.watch().probe(first.member(), first.requestId()));
            one.lookAt(System.nanoTime() + dispatcher.watch().patienceNanos());
        } else if (one.isInQueue() || lateness.getsMoreTime(one) || !hedge(one)) {
            lateness.waitOn(one);
        }
    }

    /** Asks others in place of holders that have fallen silent, too. */
    private void lookAtHedges(Awaited one) {
        one.lookAt(lateness.nextLook());
        if (one.hedges().stream().anyMatch(hedge -> awaited.containsKey(hedge) && owners.isLost(hedge.member()))) {
            dropHedges(one);
            hedge(one);
        }
    }

    /** Asks holders of backups for the ranks of a late task; returns false where there are none, or no budget for it. */
    private boolean hedge(Awaited one) {
        Call first = one.first();
        Map<Member, List<Rank>> standIns = owners.standIns(set.deployment(), first.ranks(), first.member());
        boolean knownToBeSilent = !one.memberAnswers() && dispatcher.watch().isSilent(first.member());
        if (standIns.isEmpty() || !knownToBeSilent && !dispatcher.budget().take(standIns.size())) {
            return false;
        }
        counters.hedges.add(standIns.size());
        List<Call> hedges = new ArrayList<>();
        standIns.forEach((member, ranks) -> {
            WorkerRequest again = request.of(set.deployment(), List.copyOf(ranks));
            hedges.add(member.localMember() ? compute(member, again) : calls.sendHedge(member, again));
        });
        one.hedge(hedges);
        hedges.forEach(hedge -> awaited.put(hedge, one));
        one.lookAt(lateness.nextLook());
        return true;
    }

    /** Takes the answer of a call that counts, or leaves its ranks open. */
    private void settle(Call call) {
        List<Rank> asked = call.ranks();
        try {
            long start = System.nanoTime();
            WorkerReply reply = call.reply();
            Stopwatch.since(start, counters.combiningNanos);
            take(call, reply);
        } catch (InterruptedException e) {
            throw trouble.interrupted(asked, call.member(), e);
        } catch (ExecutionException e) {
            Throwable cause = Faults.unwrap(e);
            if (!Faults.mayPass(cause, hazelcast)) {
                throw trouble.failure(asked, call.member(), Faults.inWords(cause), cause);
            }
            if (Faults.isOverload(cause)) {
                turnedAway(asked, call.member(), cause.toString(), cause);
            } else {
                dispatcher.watch().fellSilent(call.member());
                askHolders(call, cause.toString(), cause);
            }
        }
    }

    private void take(Call call, WorkerReply reply) {
        List<Rank> ranks = call.ranks();
        Member member = call.member();
        if (reply.ok() && reply.statuses().size() == ranks.size()) {
            parts.add(new Part(ranks, reply));
            if (call.work() > 0 && !member.localMember()) {
                dispatcher.pace().answered(member.getUuid(), call.work(), call.nanos());
            }
            return;
        }
        String what = "ranks answered " + reply.statuses() + " " + reply.message();
        if (reply.statuses().contains(RankStatus.FAILED) || reply.statuses().contains(RankStatus.NOT_CONFIGURED)) {
            throw trouble.failed(ranks, member, what);
        }
        if (reply.statuses().contains(RankStatus.MISSING)) {
            dispatcher.lookAgain();
        }
        if (reply.statuses().contains(RankStatus.LOST)) {
            refuseLost(ranks, member, reply.message());
        }
        if (reply.statuses().contains(RankStatus.BUSY)) {
            turnedAway(ranks, member, reply.message(), null);
        } else {
            owners.lacks(set.deployment(), ranks, member);
            ranks.forEach(rank -> refusedBy.put(rank.number(), member));
            askHolders(call, what, null);
        }
    }

    /** The lost tiles may belong to a shard set that has been replaced since. */
    private void refuseLost(List<Rank> ranks, Member member, String what) {
        ShardSet asked = dispatcher.shards();
        if (dispatcher.lookAgain() && asked.equals(dispatcher.shards())) {
            throw new WeightsLostException(trouble.message(ranks, member, what), null);
        }
    }

    /**
     * Asks holders of backups at once for the ranks of a task that failed, because the answers of other tasks may take long. Does so once in an attempt
     * for each rank; leaves the ranks open otherwise.
     */
    private void askHolders(Call failed, String what, Throwable cause) {
        List<Rank> ranks = failed.ranks();
        Map<Member, List<Rank>> holders =
                failed.work() == 0 || ranks.stream().anyMatch(rank -> !askedOfHolders.add(rank.number()))
                        ? Map.of()
                        : owners.standIns(set.deployment(), ranks, failed.member());
        if (holders.isEmpty()) {
            leaveOpen(ranks, failed.member(), what, cause);
            return;
        }
        trouble.mayPass(ranks, failed.member(), what, cause);
        counters.retries.increment();
        holders.forEach((member, held) -> {
            WorkerRequest again = request.of(set.deployment(), List.copyOf(held));
            if (member.localMember()) {
                awaited.put(compute(member, again), null);
            } else {
                send(member, again);
            }
        });
    }

    private void leaveOpen(List<Rank> left, Member member, String what, Throwable cause) {
        left.forEach(rank -> open.add(rank.number()));
        trouble.mayPass(left, member, what, cause);
    }

    /** Leaves open what a member answers for and has no room for. */
    private void turnedAway(List<Rank> left, Member member, String why, Throwable cause) {
        left.forEach(rank -> open.add(rank.number()));
        trouble.noRoom(left, member, why, cause);
    }
}
