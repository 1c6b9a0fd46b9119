package org.expertgrid.benchmarks.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.expertgrid.benchmarks.report.Subject;

/**
 * The bytes of a forward without its work: the same executor sends and receives as many bytes, in the same steps, with all members at
 * once.
 *
 * <p>Safe for use by many threads.
 */
public final class Echo implements Subject {
    private static final String EXECUTOR = "expertgrid";

    private final String name;
    private final IExecutorService executor;
    private final IntFunction<List<Step>> steps;
    private final Map<Integer, byte[]> blocks = new HashMap<>();

    /**
     * Prepares the blocks of bytes that are sent.
     *
     * @param steps the steps of a call, by its number
     * @param numbers the number of different calls
     */
    public Echo(String name, HazelcastInstance hazelcast, IntFunction<List<Step>> steps, int numbers) {
        this.name = name;
        this.executor = hazelcast.getExecutorService(EXECUTOR);
        this.steps = steps;
        for (int number = 0; number < numbers; number++) {
            steps.apply(number)
                    .forEach(step ->
                            step.messages().forEach(message -> blocks.computeIfAbsent(message.out(), byte[]::new)));
        }
    }

    /** The bytes that are sent to one member and received from it. */
    public record Message(Member member, int out, int back) {}

    /** Messages that are sent at the same time. */
    public record Step(List<Message> messages) {}

    @Override
    public String name() {
        return name;
    }

    @Override
    public long call(int number) {
        long start = System.nanoTime();
        for (Step step : steps.apply(number)) {
            List<CompletableFuture<byte[]>> answers =
                    step.messages().stream().map(this::send).toList();
            answers.forEach(CompletableFuture::join);
        }
        return System.nanoTime() - start;
    }

    private CompletableFuture<byte[]> send(Message message) {
        return submit(executor, new EchoTask(blocks.get(message.out()), message.back()), message.member());
    }

    /** Returns the sum of the bytes that the members' JVMs have allocated on their heaps so far. */
    static long allocatedBy(List<Member> members, HazelcastInstance hazelcast) {
        return members.stream()
                .mapToLong(member -> ask(hazelcast, new AllocationTask(), member))
                .sum();
    }

    /** Runs a task on a member and returns its result. */
    static <T> T ask(HazelcastInstance hazelcast, Callable<T> task, Member member) {
        return submit(hazelcast.getExecutorService(EXECUTOR), task, member).join();
    }

    private static <T> CompletableFuture<T> submit(IExecutorService executor, Callable<T> task, Member member) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        executor.submitToMember(task, member, new ExecutionCallback<T>() {
            @Override
            public void onResponse(T response) {
                answer.complete(response);
            }

            @Override
            public void onFailure(Throwable thrown) {
                answer.completeExceptionally(thrown);
            }
        });
        return answer;
    }
}
