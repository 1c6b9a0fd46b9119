package org.expertgrid.chaos;

import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.partition.ReplicaMigrationEvent;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.expertgrid.chaos.cluster.ChaosCluster;
import org.expertgrid.chaos.faults.Fault;
import org.expertgrid.chaos.faults.FaultKind;
import org.expertgrid.chaos.faults.Victim;
import org.expertgrid.chaos.load.BrokenOffException;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.chaos.load.Verifiers;
import org.expertgrid.cluster.local.MemberProcess;

/**
 * Injects faults one after the other, and restores the size of the cluster after each one. After each step it waits until the
 * cluster has recovered and every caller has received answers: the trial is of one fault at a time.
 *
 * <p>For one thread.
 */
final class FaultInjector {
    private static final int ANSWERS = 2;
    private static final long MIGRATION_SECONDS = 60;
    private static final long CUT_OFF_SECONDS = 2;
    private static final long CUT_CLIENT_SECONDS = 5;

    private final ChaosCluster cluster;
    private final Verifiers verifiers;
    private final Runnable renewMember;
    private final SecondModel secondModel;
    private final Tally tally;

    /**
     * Takes a cluster at full size and under load.
     *
     * @param renewMember replaces the member in this JVM by a new one
     * @param secondModel the model that is deployed while a member is lost
     */
    FaultInjector(
            ChaosCluster cluster, Verifiers verifiers, Runnable renewMember, SecondModel secondModel, Tally tally) {
        this.cluster = cluster;
        this.verifiers = verifiers;
        this.renewMember = renewMember;
        this.secondModel = secondModel;
        this.tally = tally;
    }

    /**
     * Injects a fault and returns when the cluster has its full size again.
     *
     * @throws BrokenOffException if the cluster does not recover
     */
    void perform(Fault fault) {
        if (fault.victim() == Victim.OLDEST && cluster.ownIsOldest()) {
            // this process cannot be the victim, so its member leaves and the next one becomes the oldest
            tally.begin(FaultKind.START);
            renewMember.run();
            settle();
        }
        MemberProcess victim = cluster.choose(fault.victim());
        tally.begin(fault.kind());
        switch (fault.kind()) {
            case KILL -> victim.kill();
            case PAUSE -> pause(victim, fault.seconds());
            case FREEZE -> freeze(victim);
            case STOP -> victim.stop();
            case START -> cluster.add();
            case KILL_WHILE_DEPLOYING -> secondModel.deployAnd(victim::kill, this::settle);
            case KILL_WHILE_MIGRATING -> killWhileMigrating(victim);
            case CUT_OFF -> cutOff(victim);
            case CUT_CLIENT -> cutClients(victim);
            case KILL_TWO -> killBoth(victim, cluster.otherThan(victim));
        }
        settle();
        restore(victim);
    }

    private void settle() {
        cluster.awaitWhole();
        verifiers.awaitAnswers(ANSWERS);
    }

    private void restore(MemberProcess victim) {
        while (cluster.running().size() > cluster.size()) {
            tally.begin(FaultKind.STOP);
            victim.stop();
            settle();
        }
        while (cluster.running().size() < cluster.size()) {
            tally.begin(FaultKind.START);
            cluster.add();
            settle();
        }
    }

    private static void pause(MemberProcess victim, int seconds) {
        victim.freeze();
        sleep(seconds);
        victim.thaw();
    }

    private void freeze(MemberProcess victim) {
        victim.freeze();
        cluster.awaitMembers(cluster.running().size() - 1);
        verifiers.awaitAnswers(ANSWERS);
        victim.kill();
    }

    private void killWhileMigrating(MemberProcess victim) {
        PartitionService partitions = cluster.member().getPartitionService();
        CountDownLatch migrating = new CountDownLatch(1);
        UUID listener = partitions.addMigrationListener(new FirstMigration(migrating));
        try {
            CompletableFuture<MemberProcess> joining = CompletableFuture.supplyAsync(cluster::add);
            await(migrating);
            victim.kill();
            joining.join();
        } catch (CompletionException e) {
            throw new BrokenOffException("a member could not join while another one was killed: " + e.getCause());
        } finally {
            partitions.removeMigrationListener(listener);
        }
    }

    private void cutOff(MemberProcess victim) {
        cluster.cutOff(victim);
        try {
            cluster.awaitRemoved(victim);
            sleep(CUT_OFF_SECONDS);
        } finally {
            cluster.heal();
        }
    }

    private void cutClients(MemberProcess victim) {
        cluster.cutOffClients(victim);
        try {
            sleep(CUT_CLIENT_SECONDS);
            verifiers.awaitAnswers(ANSWERS);
        } finally {
            cluster.heal();
        }
    }

    private static void killBoth(MemberProcess one, MemberProcess other) {
        CompletableFuture.allOf(CompletableFuture.runAsync(one::kill), CompletableFuture.runAsync(other::kill))
                .join();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(MIGRATION_SECONDS, TimeUnit.SECONDS)) {
                throw new BrokenOffException(
                        "no partition has migrated to the new member within " + MIGRATION_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenOffException("interrupted");
        }
    }

    private static void sleep(long seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenOffException("interrupted");
        }
    }

    /** Counts down when the first partition has migrated. */
    private record FirstMigration(CountDownLatch begun) implements MigrationListener {
        @Override
        public void migrationStarted(MigrationState state) {
            // The migration is planned, but no partition has begun to migrate.
        }

        @Override
        public void migrationFinished(MigrationState state) {
            begun.countDown();
        }

        @Override
        public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
            begun.countDown();
        }

        @Override
        public void replicaMigrationFailed(ReplicaMigrationEvent event) {
            begun.countDown();
        }
    }
}
