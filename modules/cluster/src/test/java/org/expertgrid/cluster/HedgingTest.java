package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.spi.exception.TargetDisconnectedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holders of backups answer for members that do not answer, with the same bits. */
@Tag("slow")
class HedgingTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT32);
    private static final Matrix ROWS = Models.rows(40, ElementType.FLOAT32);
    private static final int RANKS = 10;
    /** Longer than any test lasts: an answer that comes is one of a holder of backups. */
    private static final CallerOptions PATIENT = CallerOptions.defaults().withDeadline(Duration.ofMinutes(5));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Exchange.class)
    void holdersOfBackupsAnswerForAMemberThatNeverDoesWithTheSameBits(Exchange exchange) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance client = cluster.connect();
            Member silent = cluster.member(1).getCluster().getLocalMember();
            AtomicInteger kept = new AtomicInteger();
            HazelcastInstance keeping =
                    WatchedTasks.of(client, (task, member) -> !member.equals(silent) || kept.incrementAndGet() < 0);
            try (TensorParallelMoe moe = deploy(client, exchange);
                    TensorParallelMoe caller = TensorParallelMoe.connect(keeping, "ranker", PATIENT)) {
                Matrix expected = moe.forward(ROWS);
                assertThat(caller.forward(ROWS)).isEqualTo(expected);
                MoeStatistics statistics = caller.statistics();
                assertThat(kept).hasPositiveValue();
                assertThat(statistics.hedgesWon()).isPositive().isEqualTo(statistics.hedges());
                assertThat(statistics.hedgesWasted()).isZero();
                assertThat(statistics.retries()).isZero();
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void aMemberAnswersFromItsBackupsForAnotherThatNeverDoes() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            Member silent = cluster.member(1).getCluster().getLocalMember();
            HazelcastInstance keeping = WatchedTasks.of(cluster.member(0), (task, member) -> !member.equals(silent));
            try (TensorParallelMoe moe = deploy(cluster.member(1), Exchange.REDUCE);
                    TensorParallelMoe caller = TensorParallelMoe.connect(keeping, "ranker", PATIENT)) {
                assertThat(caller.forward(ROWS)).isEqualTo(moe.forward(ROWS));
                assertThat(caller.statistics().hedgesWon()).isEqualTo(1);
            }
        }
    }

    @Test
    void aHolderThatIsSilentTooIsReplacedByAnother() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3, 2, config -> config)) {
            HazelcastInstance client = cluster.connect();
            Member answering = cluster.member(0).getCluster().getLocalMember();
            AtomicBoolean cut = new AtomicBoolean();
            HazelcastInstance losing = losing(client, member -> !member.equals(answering), cut, new AtomicInteger());
            try (TensorParallelMoe moe = deploy(cluster.member(0), Exchange.REDUCE);
                    TensorParallelMoe caller = TensorParallelMoe.connect(losing, "ranker", PATIENT)) {
                Matrix expected = moe.forward(ROWS);
                // Members tell a caller which backups they hold some time after its first forward.
                Awaitility.await().untilAsserted(() -> {
                    cut.set(false);
                    assertThat(caller.forward(ROWS)).isEqualTo(expected);
                    cut.set(true);
                    assertThat(caller.forwardAsync(ROWS).get(10, TimeUnit.SECONDS))
                            .isEqualTo(expected);
                });
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void holdersOfBackupsAnswerForAMemberThatTheClientAloneCannotReach() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance client = cluster.connect();
            Member unreachable = cluster.member(1).getCluster().getLocalMember();
            AtomicBoolean cut = new AtomicBoolean();
            AtomicInteger lostTasks = new AtomicInteger();
            AtomicInteger sentTasks = new AtomicInteger();
            Predicate<Object> counted = member -> unreachable.equals(member) && sentTasks.incrementAndGet() > 0;
            HazelcastInstance losing = losing(client, counted, cut, lostTasks);
            try (TensorParallelMoe moe = deploy(cluster.member(0), Exchange.REDUCE);
                    TensorParallelMoe caller = TensorParallelMoe.connect(losing, "ranker", PATIENT)) {
                Matrix expected = moe.forward(ROWS);
                assertThat(caller.forward(ROWS)).isEqualTo(expected);
                // a member whose first answer was late is asked second for a while
                Awaitility.await().until(() -> {
                    int before = sentTasks.get();
                    return caller.forward(ROWS).equals(expected) && sentTasks.get() > before;
                });
                cut.set(true);
                int forwards = 20;
                for (int i = 0; i < forwards; i++) {
                    assertThat(caller.forward(ROWS)).isEqualTo(expected);
                }
                assertThat(caller.statistics().hedgesWon()).isPositive();
                assertThat(lostTasks).hasPositiveValue().hasValueLessThan(forwards);
                cut.set(false);
                assertThat(caller.forward(ROWS)).isEqualTo(expected);
            } finally {
                client.shutdown();
            }
        }
    }

    /** Returns the same instance, but while it is cut off from a member, the tasks and questions to that member are lost. */
    private static HazelcastInstance losing(
            HazelcastInstance real, Predicate<Object> unreachable, AtomicBoolean cut, AtomicInteger lostTasks) {
        return StandIn.of(HazelcastInstance.class, (proxy, method, arguments) -> {
            Object answer = StandIn.ask(real, method, arguments);
            if (!method.getName().equals("getExecutorService")) {
                return answer;
            }
            return StandIn.of(IExecutorService.class, (executor, submit, sent) -> {
                boolean lost = submit.getName().equals("submitToMember") && unreachable.test(sent[1]) && cut.get();
                if (lost && arguments[0].equals(GridNames.EXECUTOR)) {
                    lostTasks.incrementAndGet();
                }
                return lost ? null : StandIn.ask(answer, submit, sent);
            });
        });
    }

    @Test
    void aFrozenMemberChangesNoBitAndIsAskedSecondUntilItAnswersAgain() {
        try (LocalCluster cluster = LocalCluster.start(LocalCluster.Options.of(3, directory))) {
            HazelcastInstance client = cluster.connect();
            int port = cluster.members().get(2).port();
            AtomicInteger asked = new AtomicInteger();
            HazelcastInstance counting = WatchedTasks.of(
                    client, (task, member) -> member.getAddress().getPort() != port || asked.incrementAndGet() > 0);
            try (TensorParallelMoe moe = deploy(client, Exchange.REDUCE);
                    TensorParallelMoe caller = TensorParallelMoe.connect(counting, "ranker", PATIENT)) {
                Matrix expected = moe.forward(ROWS);
                cluster.members().get(2).freeze();
                int forwards = 20;
                for (int i = 0; i < forwards; i++) {
                    assertThat(caller.forward(ROWS)).isEqualTo(expected);
                }
                assertThat(caller.statistics().hedgesWon()).isPositive();
                // The first forwards found out that the member is silent; the others did not ask it first.
                assertThat(asked).hasPositiveValue().hasValueLessThan(forwards);
                cluster.members().get(2).thaw();
                Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
                    assertThat(caller.forward(ROWS)).isEqualTo(expected);
                    return client.getCluster().getMembers().size() == 3;
                });
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void theRanksOfAFailedTaskAreAskedOfAHolderWhileAnotherMemberStillComputes() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance client = cluster.connect();
            Member failing = cluster.member(0).getCluster().getLocalMember();
            AtomicBoolean armed = new AtomicBoolean();
            List<Member> asked = new CopyOnWriteArrayList<>();
            HazelcastInstance watched = WatchedTasks.of(client, (task, member) -> {
                asked.add(member);
                if (member.equals(failing) && armed.getAndSet(false)) {
                    throw new TargetDisconnectedException("the member is gone");
                }
                return member.equals(failing) || asked.size() > 2; // the other member never ends its first task
            });
            try (TensorParallelMoe moe = deploy(client, Exchange.REDUCE);
                    TensorParallelMoe caller = TensorParallelMoe.connect(watched, "ranker", PATIENT)) {
                Matrix expected = moe.forward(ROWS);
                // Holders of backups are asked for what they hold, and answer in their own time.
                Awaitility.await().until(() -> {
                    asked.clear();
                    armed.set(true);
                    assertThat(caller.forward(ROWS)).isEqualTo(expected);
                    return !asked.get(2).equals(failing);
                });
                assertThat(caller.statistics().retries()).isPositive();
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void membersThatAnswerInTimeAreNotHedged() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = deploy(client, Exchange.REDUCE)) {
                int forwards = 500;
                for (int i = 0; i < forwards; i++) {
                    moe.forward(ROWS);
                }
                MoeStatistics statistics = moe.statistics();
                // 2 % of two tasks a forward, and those that a full bucket allows while the JVM warms up.
                assertThat(statistics.hedges()).isLessThanOrEqualTo(forwards * 2 / 50 + 16);
                assertThat(statistics.hedgesWon() + statistics.hedgesWasted()).isEqualTo(statistics.hedges());
            } finally {
                client.shutdown();
            }
        }
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast, Exchange exchange) {
        return TensorParallelMoe.builder(WEIGHTS)
                .topK(Models.TOP_K)
                .ranks(RANKS)
                .exchange(exchange)
                .deploy(hazelcast, "ranker");
    }
}
