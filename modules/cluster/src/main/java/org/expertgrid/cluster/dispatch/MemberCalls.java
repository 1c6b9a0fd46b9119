package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.expertgrid.cluster.errors.NotConfiguredException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.wire.EnvelopeFactory;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.ReplyCodec;
import org.expertgrid.cluster.wire.TaskCodec;
import org.expertgrid.cluster.wire.WorkerAnswer;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerRequest.Abandon;
import org.expertgrid.cluster.wire.WorkerRequest.Describe;
import org.expertgrid.cluster.wire.WorkerTask;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Asks data members for themselves, not for any rank.
 *
 * <p>Safe for use by many threads.
 */
public final class MemberCalls {
    private static final System.Logger LOGGER = System.getLogger(MemberCalls.class.getName());
    private static final long WAIT_MILLIS = 10_000;
    private static final long SHORT_WAIT_MILLIS = 3_000;
    private static final long STARTING_PAUSE_MILLIS = 50;

    private final HazelcastInstance hazelcast;

    /** Takes a member or client of the cluster. */
    public MemberCalls(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    /**
     * Returns the report of each data member; a member that leaves meanwhile is left out.
     *
     * @throws NotConfiguredException if one of them, or this side, lacks Expertgrid's configuration
     */
    public Map<Member, MemberReport> describe() {
        Map<Member, MemberReport> reports = new LinkedHashMap<>();
        ask(new Describe()).forEach((member, reply) -> {
            MemberReport report = reply.report(MemberReport.class);
            if (!report.missing().isEmpty()) {
                throw notConfigured(DataMembers.address(member), String.join(", ", report.missing()));
            }
            reports.put(member, report);
        });
        return reports;
    }

    /**
     * Checks that all members keep what they own in a store, or none does.
     *
     * @throws NotConfiguredException if some have a store and others have none
     */
    public static void checkStores(Map<Member, MemberReport> reports) {
        List<String> with = addresses(reports, true);
        List<String> without = addresses(reports, false);
        if (!with.isEmpty() && !without.isEmpty()) {
            throw new NotConfiguredException("configuration of " + String.join(", ", without)
                    + " has no store, that of " + String.join(", ", with)
                    + " has one (expected: ExpertgridConfig.storeIn for all members or for none)");
        }
    }

    private static List<String> addresses(Map<Member, MemberReport> reports, boolean storing) {
        return reports.entrySet().stream()
                .filter(entry -> entry.getValue().storing() == storing)
                .map(entry -> DataMembers.address(entry.getKey()))
                .toList();
    }

    /**
     * Asks every data member at the same time and returns their replies; a member that leaves meanwhile has none.
     *
     * @throws ExpertgridException if a member does not answer within 10 s, or answers that it failed
     */
    public Map<Member, WorkerReply> ask(WorkerRequest request) {
        Map<Member, WorkerRequest> requests = new LinkedHashMap<>();
        DataMembers.of(hazelcast).forEach(member -> requests.put(member, request));
        return ask(requests);
    }

    /** Asks members at the same time, each something of its own; returns and throws what {@link #ask(WorkerRequest)} does. */
    public Map<Member, WorkerReply> ask(Map<Member, WorkerRequest> requests) {
        Map<Member, CompletableFuture<WorkerAnswer>> answers = new LinkedHashMap<>();
        requests.forEach((member, request) -> answers.put(member, control(member, request)));
        Map<Member, WorkerReply> replies = new LinkedHashMap<>();
        Deadline deadline = Deadline.inMillis(WAIT_MILLIS);
        answers.forEach((member, answer) -> {
            WorkerReply reply = await(member, requests.get(member), answer, deadline);
            if (reply != null) {
                replies.put(member, reply);
            }
        });
        return replies;
    }

    /** Asks every data member at the same time and returns the replies that arrive without error within 3 s. */
    public Map<Member, WorkerReply> askThoseThatAnswer(WorkerRequest request) {
        Map<Member, WorkerReply> replies = new LinkedHashMap<>();
        Deadline deadline = Deadline.inMillis(SHORT_WAIT_MILLIS);
        askAll(request).forEach((member, answer) -> {
            try {
                WorkerReply reply = await(member, request, answer, deadline);
                if (reply != null) {
                    replies.put(member, reply);
                }
            } catch (NotConfiguredException e) {
                throw e;
            } catch (ExpertgridException e) {
                LOGGER.log(System.Logger.Level.DEBUG, "no answer from " + DataMembers.address(member), e);
            }
        });
        return replies;
    }

    private Map<Member, CompletableFuture<WorkerAnswer>> askAll(WorkerRequest request) {
        Map<Member, CompletableFuture<WorkerAnswer>> answers = new LinkedHashMap<>();
        DataMembers.of(hazelcast).forEach(member -> answers.put(member, control(member, request)));
        return answers;
    }

    /** Asks one member; the future fails where the member cannot be asked, and stays open where it is silent. Returns at once. */
    CompletableFuture<WorkerReply> question(Member member, WorkerRequest request) {
        return control(member, request)
                .thenApply(answer -> ReplyCodec.decode(answer.block()).reply());
    }

    /** Tells a member that its caller has given up a request. Returns at once. */
    void abandon(Member member, long requestId) {
        control(member, new Abandon(requestId));
    }

    private CompletableFuture<WorkerAnswer> control(Member member, WorkerRequest request) {
        CompletableFuture<WorkerAnswer> answer = new CompletableFuture<>();
        byte[] head = TaskCodec.encodeHead(new TaskCodec.Task(0, WAIT_MILLIS, request));
        try {
            hazelcast
                    .getExecutorService(GridNames.CONTROL)
                    .submitToMember(new WorkerTask(head, new byte[0]), member, completing(answer));
        } catch (RuntimeException thrown) {
            answer.completeExceptionally(thrown);
        }
        return answer;
    }

    /** Returns a callback that completes a future. Hazelcast's own future makes a member read each answer twice. */
    public static ExecutionCallback<WorkerAnswer> completing(CompletableFuture<WorkerAnswer> answer) {
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

    /** Returns a member's reply, or null if the member leaves; asks again while the member is starting. */
    private WorkerReply await(
            Member member, WorkerRequest request, CompletableFuture<WorkerAnswer> first, Deadline deadline) {
        CompletableFuture<WorkerAnswer> answer = first;
        try {
            while (true) {
                WorkerReply reply = ReplyCodec.decode(answer.get(deadline.millisLeft(), TimeUnit.MILLISECONDS)
                                .block())
                        .reply();
                if (reply.ok()) {
                    return reply;
                }
                refuse(member, reply, deadline);
                TimeUnit.MILLISECONDS.sleep(STARTING_PAUSE_MILLIS);
                answer = control(member, request);
            }
        } catch (ExecutionException e) {
            Throwable cause = Faults.unwrap(e);
            if (lacksOurTypes(cause)) {
                throw notConfigured(
                        DataMembers.address(member) + " or this side",
                        "data-serializable-factory " + EnvelopeFactory.class.getName() + " or its jar");
            }
            if (Faults.mayPass(cause, hazelcast)) {
                return null;
            }
            throw new ExpertgridException("member " + DataMembers.address(member) + ": " + cause, cause);
        } catch (TimeoutException e) {
            throw new ExpertgridException("member " + DataMembers.address(member) + ": no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExpertgridException("interrupted while asking member " + DataMembers.address(member), e);
        }
    }

    /** Throws unless a reply says that asking again may help, and there is time to. */
    private static void refuse(Member member, WorkerReply reply, Deadline deadline) {
        if (reply.statuses().contains(RankStatus.NOT_CONFIGURED)) {
            throw notConfigured(DataMembers.address(member), reply.message());
        }
        if (!reply.statuses().contains(RankStatus.BUSY) || deadline.millisLeft() <= STARTING_PAUSE_MILLIS) {
            throw new ExpertgridException("member " + DataMembers.address(member) + ": " + reply.message());
        }
    }

    private static boolean lacksOurTypes(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            boolean noFactory = t instanceof HazelcastSerializationException
                    && Objects.toString(t.getMessage(), "").contains(Integer.toString(EnvelopeFactory.ID));
            if (noFactory || t instanceof ClassNotFoundException || t instanceof NoClassDefFoundError) {
                return true;
            }
        }
        return false;
    }

    private static NotConfiguredException notConfigured(String where, String missing) {
        return new NotConfiguredException("configuration of " + where + " lacks " + missing
                + " (expected: ExpertgridConfig.member() or ExpertgridConfig.addTo(config) before a member starts,"
                + " ExpertgridConfig.client() or addTo(clientConfig) before a client does, and Expertgrid's jars on the"
                + " class path of both)");
    }
}
