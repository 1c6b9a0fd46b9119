package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;

/**
 * Sends the work of a model's ranks to the members that answer for them, and sends it again while members come and go. The only place
 * that knows members, and the only one that retries.
 *
 * <pre>
 *   ranks 0..N-1 --RankOwners--> one task a member, all submitted before any is awaited
 *        ^                          | every rank OK -> a part of the answer
 *        +---- ranks of the rest <--+ moved, missing, busy, member lost: whom to ask is looked up again
 *                                   + late: holders of backups are asked too, the first complete answer counts
 * </pre>
 *
 * The result covers every rank exactly once; otherwise the call throws.
 *
 * <p>Safe for use by many threads.
 */
public final class Dispatcher {
    private final HazelcastInstance hazelcast;
    private final String model;
    private final Supplier<ShardSet> shards;
    private final Runnable whenMissing;
    private final LookUp lookUp;
    private final ForwardCounters counters;
    private final RankOwners owners;
    private final MemberCalls memberCalls;
    private final MemberWatch watch;
    private final Pace pace = new Pace();
    private final HedgeBudget budget = new HedgeBudget();
    private final Detour detour;
    /** Asks by way of the second client; null before that one was first needed. */
    private volatile Dispatcher around;

    private final AtomicLong requestIds =
            new AtomicLong(ThreadLocalRandom.current().nextLong());

    /**
     * Takes a way to a model.
     *
     * @param shards the set whose ranks are to be asked, which may be another one from attempt to attempt
     * @param whenMissing called on a thread of its own before weights that were missing are asked for again; throws where the model is gone
     */
    public Dispatcher(
            HazelcastInstance hazelcast,
            String model,
            Supplier<ShardSet> shards,
            Runnable whenMissing,
            ForwardCounters counters) {
        this.hazelcast = hazelcast;
        this.model = model;
        this.shards = shards;
        this.whenMissing = whenMissing;
        this.lookUp = new LookUp(whenMissing, thrown -> Faults.mayPass(thrown, hazelcast));
        this.counters = counters;
        this.owners = new RankOwners(hazelcast);
        this.memberCalls = new MemberCalls(hazelcast);
        this.watch = MemberWatch.of(hazelcast);
        this.detour = Detour.of(hazelcast);
    }

    /** Makes the request for those of a set's ranks that one member owns. */
    public interface Request {
        WorkerRequest of(UUID deployment, List<Rank> ranks);
    }

    /** A reply in which every rank is OK, and the ranks it is for. */
    public record Part(List<Rank> ranks, WorkerReply reply) {}

    /**
     * Has all ranks do what is asked and returns the parts that together cover each of them once, in the order of their first
     * ranks.
     *
     * @throws WeightsLostException if weights are lost for certain
     * @throws OverloadedException if a member had no room until the deadline
     * @throws ForwardFailedException if that cannot be had, or not before the deadline
     */
    public List<Part> dispatch(Request request, Deadline deadline) {
        return start(request, deadline).finish();
    }

    /** Sends the tasks of {@link #dispatch} on their way. */
    public Dispatch start(Request request, Deadline deadline) {
        Dispatcher other = around();
        Dispatch dispatch = new Dispatch(other == null ? this : other, request, deadline);
        try {
            dispatch.submit();
            return dispatch;
        } catch (RuntimeException | Error e) {
            dispatch.abandon();
            throw e;
        }
    }

    /** Returns the dispatcher to use instead, while this one's client knows the smaller part of the cluster only; else null. */
    Dispatcher around() {
        HazelcastInstance second = detour == null ? null : detour.around(shards());
        if (second == null) {
            return null;
        }
        Dispatcher known = around;
        if (known == null || known.hazelcast != second) {
            known = new Dispatcher(second, model, shards, whenMissing, counters);
            around = known;
        }
        return known;
    }

    HazelcastInstance hazelcast() {
        return hazelcast;
    }

    ForwardCounters counters() {
        return counters;
    }

    RankOwners owners() {
        return owners;
    }

    MemberCalls memberCalls() {
        return memberCalls;
    }

    MemberWatch watch() {
        return watch;
    }

    Pace pace() {
        return pace;
    }

    HedgeBudget budget() {
        return budget;
    }

    /** Returns the set whose ranks are to be asked now. */
    ShardSet shards() {
        return shards.get();
    }

    long nextRequestId() {
        return requestIds.incrementAndGet();
    }

    /** Returns the name of the cluster's state, or nothing where no member tells it soon. */
    String clusterState() {
        return memberCalls.clusterState();
    }

    /** Has the members' record of the shards read; returns false where the cluster does not tell soon. */
    boolean lookAgain() {
        return lookUp.again();
    }

    /** Says what went wrong with which ranks of the model, and on which member, null where none was asked. */
    String message(List<Integer> ranks, Member member, String what) {
        String where = member == null ? "" : " on " + DataMembers.address(member);
        return "model '" + model + "', ranks " + ranks + where + ": " + what;
    }
}
