package org.expertgrid.cluster.grid;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.dispatch.Dispatcher;
import org.expertgrid.cluster.errors.NotConfiguredException;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.cluster.wire.EnvelopeFactory;
import org.expertgrid.cluster.wire.WireFormat;
import org.expertgrid.cluster.wire.WorkerAnswer;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerRequest.Abandon;
import org.expertgrid.cluster.wire.WorkerRequest.Describe;
import org.expertgrid.cluster.wire.WorkerRequest.Prepare;
import org.expertgrid.cluster.wire.WorkerTask;
import org.expertgrid.experts.errors.ExpertgridException;

/** Asks the data members one by one, each for itself and not for any rank. */
public final class Members {
    private static final Logger LOGGER = System.getLogger(Members.class.getName());
    private static final long WAIT_MILLIS = 10_000;
    private static final long SHORT_WAIT_MILLIS = 3_000;

    private Members() {}

    public static String address(Member member) {
        return member.getAddress().getHost() + ":" + member.getAddress().getPort();
    }

    /** Returns the members that can hold weights, in the order in which they joined. */
    public static List<Member> ofData(HazelcastInstance hazelcast) {
        return hazelcast.getCluster().getMembers().stream()
                .filter(member -> !member.isLiteMember())
                .toList();
    }

    /**
     * Returns what each data member says of itself; one that leaves in between is left out.
     *
     * @throws NotConfiguredException if one of them, or this side, lacks Expertgrid's configuration
     */
    public static List<MemberStatus> describe(HazelcastInstance hazelcast) {
        Map<Member, WorkerReply> replies = ask(hazelcast, new Describe());
        replies.forEach((member, reply) -> {
            List<String> missing = reply.message().lines().skip(1).toList();
            if (!missing.isEmpty()) {
                throw notConfigured(address(member), String.join(", ", missing));
            }
        });
        return replies.entrySet().stream()
                .map(entry -> MemberStatus.of(entry.getKey().getUuid(), address(entry.getKey()), entry.getValue()))
                .toList();
    }

    /**
     * Checks that what is about to be deployed is kept by all members or by none: each one stores what it owns.
     *
     * @throws NotConfiguredException if some have a store and others have none
     */
    public static void checkStores(List<MemberStatus> members) {
        Map<Boolean, List<String>> addresses = members.stream()
                .collect(Collectors.partitioningBy(
                        MemberStatus::storing, Collectors.mapping(MemberStatus::address, Collectors.toList())));
        if (!addresses.get(true).isEmpty() && !addresses.get(false).isEmpty()) {
            throw new NotConfiguredException("configuration of " + String.join(", ", addresses.get(false))
                    + " has no store, that of " + String.join(", ", addresses.get(true))
                    + " has one (expected: ExpertgridConfig.storeIn for all members or for none)");
        }
    }

    /** Has every data member do what is asked, all at once; one that leaves in between has no reply. */
    public static Map<Member, WorkerReply> ask(HazelcastInstance hazelcast, WorkerRequest request) {
        Map<Member, WorkerReply> replies = new LinkedHashMap<>();
        Deadline deadline = Deadline.inMillis(WAIT_MILLIS);
        askAll(hazelcast, request).forEach((member, answer) -> {
            WorkerReply reply = await(hazelcast, member, answer, deadline);
            if (reply != null) {
                replies.put(member, reply);
            }
        });
        return replies;
    }

    /** Does the same where some may not answer, and those are an answer too: they have no reply. */
    public static Map<Member, WorkerReply> askThoseWhoAnswer(HazelcastInstance hazelcast, WorkerRequest request) {
        Map<Member, WorkerReply> replies = new LinkedHashMap<>();
        Deadline deadline = Deadline.inMillis(SHORT_WAIT_MILLIS);
        askAll(hazelcast, request).forEach((member, answer) -> {
            try {
                WorkerReply reply = await(hazelcast, member, answer, deadline);
                if (reply != null) {
                    replies.put(member, reply);
                }
            } catch (NotConfiguredException e) {
                throw e;
            } catch (ExpertgridException e) {
                LOGGER.log(Level.DEBUG, "no answer from " + address(member), e);
            }
        });
        return replies;
    }

    private static Map<Member, CompletableFuture<WorkerAnswer>> askAll(
            HazelcastInstance hazelcast, WorkerRequest request) {
        Map<Member, CompletableFuture<WorkerAnswer>> answers = new LinkedHashMap<>();
        for (Member member : ofData(hazelcast)) {
            answers.put(member, submit(hazelcast, member, request));
        }
        return answers;
    }

    /** Tells a member, without waiting for it, that nobody waits for a request any more. */
    public static void abandon(HazelcastInstance hazelcast, Member member, long requestId) {
        submit(hazelcast, member, new Abandon(requestId));
    }

    /** Has a member pack what it will be asked for; the future fails where it does not come to that. */
    public static CompletableFuture<Void> prepare(
            HazelcastInstance hazelcast, Member member, Prepare request, Deadline deadline) {
        // Not where questions are answered: it reads weights, which takes its time.
        return submit(hazelcast, ExpertgridConfig.EXECUTOR, member, request, deadline.millisLeft())
                .thenAccept(answer -> {
                    WorkerReply reply = WireFormat.decodeAnswer(answer.block()).reply();
                    if (!reply.ok()) {
                        throw new ExpertgridException("member " + address(member) + ": " + reply.statuses());
                    }
                });
    }

    private static CompletableFuture<WorkerAnswer> submit(
            HazelcastInstance hazelcast, Member member, WorkerRequest request) {
        return submit(hazelcast, ExpertgridConfig.CONTROL, member, request, WAIT_MILLIS);
    }

    private static CompletableFuture<WorkerAnswer> submit(
            HazelcastInstance hazelcast, String executor, Member member, WorkerRequest request, long millis) {
        CompletableFuture<WorkerAnswer> answer = new CompletableFuture<>();
        byte[] head = WireFormat.encodeHead(new WireFormat.Task(0, millis, request));
        try {
            hazelcast
                    .getExecutorService(executor)
                    .submitToMember(new WorkerTask(head, new byte[0]), member, Dispatcher.completing(answer));
        } catch (RuntimeException thrown) {
            answer.completeExceptionally(thrown);
        }
        return answer;
    }

    private static WorkerReply await(
            HazelcastInstance hazelcast, Member member, CompletableFuture<WorkerAnswer> answer, Deadline deadline) {
        try {
            byte[] block =
                    answer.get(deadline.millisLeft(), TimeUnit.MILLISECONDS).block();
            WorkerReply reply = WireFormat.decodeAnswer(block).reply();
            if (!reply.ok()) {
                throw new ExpertgridException("member " + address(member) + ": " + reply.message());
            }
            return reply;
        } catch (ExecutionException e) {
            Throwable cause = Faults.unwrap(e);
            if (lacksOurTypes(cause)) {
                throw notConfigured(address(member) + " or this side", ExpertgridConfig.everythingNeeded());
            }
            if (Faults.mayPass(cause, hazelcast)) {
                return null;
            }
            throw new ExpertgridException("member " + address(member) + ": " + cause, cause);
        } catch (TimeoutException e) {
            throw new ExpertgridException("member " + address(member) + ": no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExpertgridException("interrupted while asking member " + address(member), e);
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
