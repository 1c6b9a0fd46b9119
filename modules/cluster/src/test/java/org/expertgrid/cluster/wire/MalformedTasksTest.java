package org.expertgrid.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.LiveHeap;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.deploying.ModelLookup;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that only a broken or a hostile client sends: they reach a real member process through a real client. */
@Tag("slow")
class MalformedTasksTest {
    private static final long SEED = 20261125;
    private static final int MESSAGES = Integer.getInteger("expertgrid.malformed.messages", 3_000);
    private static final int AT_ONCE = 64;

    private static final Matrix X = Models.rows(33, ElementType.FLOAT64);

    private static LocalCluster cluster;
    private static HazelcastInstance client;
    private static TensorParallelMoe moe;
    private static Matrix answer;

    @BeforeAll
    static void deploy(@TempDir Path directory) {
        cluster = LocalCluster.start(new LocalCluster.Options(1, "256m", directory, 0, true, 180));
        client = cluster.connect();
        moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                .topK(Models.TOP_K)
                .ranks(4)
                .deploy(client, "ranker");
        answer = moe.forward(X);
    }

    @AfterAll
    static void stop() {
        moe.close();
        client.shutdown();
        cluster.close();
    }

    @Test
    void thousandsOfMalformedTasksAreAnsweredAndLeaveTheMemberAsItWas() throws Exception {
        MemberProcess member = cluster.members().get(0);
        ModelRecord model = new ModelLookup(client, "ranker").find(ModelDefinition.Kind.MOE);
        MalformedTasks tasks = new MalformedTasks(Models.random(SEED), model);
        // Once for what is made when it is first needed: threads, buffers, compiled code.
        send(tasks, MESSAGES / 10);
        long before = LiveHeap.bytes(member.pid());
        long logged = Files.size(member.log());

        send(tasks, MESSAGES);
        assertThat(member.isAlive()).isTrue();
        assertThat(moe.forward(X)).isEqualTo(answer);
        // Slices that were packed for mutilated ranks are dropped after half a minute; they are small here.
        long grown = LiveHeap.bytes(member.pid()) - before;
        System.out.println("live heap: " + before + " bytes before, " + grown + " more after");
        assertThat(grown).isLessThan(4 << 20);
        assertThat(Files.size(member.log()) - logged).isLessThan(10_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 1 << 28, -1, Integer.MIN_VALUE, 5})
    void aLengthThatLiesIsAnsweredWithAFailure(int length) {
        assertThat(reply(new LyingTask(length)).statuses()).containsOnly(RankStatus.FAILED);
        assertThat(cluster.members().get(0).isAlive()).isTrue();
        assertThat(moe.forward(X)).isEqualTo(answer);
    }

    private static void send(MalformedTasks tasks, int count) throws InterruptedException {
        Semaphore underWay = new Semaphore(AT_ONCE);
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Map<RankStatus, Integer> statuses = new ConcurrentHashMap<>();
        for (int i = 0; i < count; i++) {
            underWay.acquire();
            CompletableFuture<WorkerAnswer> answered = submit(new WorkerTask(tasks.next(), new byte[0]));
            answered.whenComplete((reply, failure) -> {
                underWay.release();
                if (failure != null) {
                    thrown.add(failure);
                } else {
                    ReplyCodec.decode(reply.block())
                            .reply()
                            .statuses()
                            .forEach(status -> statuses.merge(status, 1, Integer::sum));
                }
            });
        }
        assertThat(underWay.tryAcquire(AT_ONCE, 60, TimeUnit.SECONDS)).isTrue();
        System.out.println(count + " malformed tasks: " + statuses);
        assertThat(thrown).isEmpty();
        assertThat(statuses).containsKey(RankStatus.FAILED);
    }

    private static CompletableFuture<WorkerAnswer> submit(Callable<WorkerAnswer> task) {
        CompletableFuture<WorkerAnswer> answered = new CompletableFuture<>();
        client.getExecutorService(GridNames.EXECUTOR)
                .submitToMember(
                        task, client.getCluster().getMembers().iterator().next(), MemberCalls.completing(answered));
        return answered;
    }

    private static WorkerReply reply(Callable<WorkerAnswer> task) {
        CompletableFuture<WorkerAnswer> answered = submit(task);
        Awaitility.await().until(answered::isDone);
        return ReplyCodec.decode(answered.join().block()).reply();
    }

    /** Writes what a {@link WorkerTask} would, but for the length of its block. */
    private static final class LyingTask implements Callable<WorkerAnswer>, IdentifiedDataSerializable {
        private final int length;

        private LyingTask(int length) {
            this.length = length;
        }

        @Override
        public WorkerAnswer call() {
            throw new AssertionError("runs where it is read, as a WorkerTask");
        }

        @Override
        public int getFactoryId() {
            return EnvelopeFactory.ID;
        }

        @Override
        public int getClassId() {
            return EnvelopeFactory.TASK;
        }

        @Override
        public void writeData(ObjectDataOutput out) throws IOException {
            out.writeInt(length);
            out.write(new byte[] {1, 2, 3});
        }

        @Override
        public void readData(ObjectDataInput in) {
            throw new AssertionError("read as a WorkerTask");
        }
    }
}
