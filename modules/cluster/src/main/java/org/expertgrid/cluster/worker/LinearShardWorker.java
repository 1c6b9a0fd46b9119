package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.expertgrid.cluster.grid.DaemonThreads;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.grid.Migrations;
import org.expertgrid.cluster.models.DeployedSets;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.cluster.shards.HeldTiles;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerRequest.Abandon;
import org.expertgrid.cluster.wire.WorkerRequest.AskHeld;
import org.expertgrid.cluster.wire.WorkerRequest.AskRoom;
import org.expertgrid.cluster.wire.WorkerRequest.AskState;
import org.expertgrid.cluster.wire.WorkerRequest.AskTurn;
import org.expertgrid.cluster.wire.WorkerRequest.Describe;
import org.expertgrid.cluster.wire.WorkerRequest.Examine;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardExperts;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardLayer;
import org.expertgrid.cluster.wire.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.wire.WorkerRequest.Release;
import org.expertgrid.cluster.wire.WorkerRequest.Retire;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * The worker of a member: there is one on each, and it computes with the tiles that the member's partitions hold, on all cores. It answers
 * for every rank of which the member holds all tiles, whether it owns the rank's partition or keeps a backup of it.
 *
 * <p>Safe for use by many threads.
 */
final class LinearShardWorker {
    /** Longer than a forward of any size takes between two tasks, and than word of a new set of shards takes to its callers. */
    private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final HazelcastInstance hazelcast;
    private final Kernels kernels;
    private final DeployedSets deployed;
    private final TileReader tiles;
    private final TileUpkeep upkeep;
    private final WarmUps warmUps;
    private final WorkerCounters counters;
    private final MemberReports reports;
    private final ExecutorService compute;
    private final Runnable unregister;
    private final Turns turns;
    private final SliceProducts products;
    /** When each deployment was last asked for, as {@link System#nanoTime} counts. */
    private final Map<UUID, Long> askedAt = new ConcurrentHashMap<>();

    /** Takes what names the parts that the member's configuration lacks. */
    LinearShardWorker(HazelcastInstance hazelcast, Supplier<List<String>> missing) {
        this.kernels = KernelsChoice.best();
        int processors = Runtime.getRuntime().availableProcessors();
        this.hazelcast = hazelcast;
        this.compute = Executors.newFixedThreadPool(processors, DaemonThreads.of(hazelcast, "compute"));
        HeldTiles held = HeldTiles.of(hazelcast);
        this.tiles = new TileReader(hazelcast, held);
        this.deployed = DeployedSets.of(hazelcast);
        Migrations migrations = Migrations.of(hazelcast);
        this.upkeep = new TileUpkeep(deployed, held, tiles, migrations);
        this.warmUps = new WarmUps(deployed, kernels, compute);
        this.counters = new WorkerCounters(kernels.name(), held);
        this.turns = new Turns(counters);
        this.reports = new MemberReports(hazelcast, deployed, held, tiles, counters, migrations, missing);
        this.unregister = JmxBeans.register(counters, Map.of("type", "Worker", "member", hazelcast.getName()));
        this.products = new SliceProducts(tiles, turns, kernels, ThreadTeam.of(compute, processors));
    }

    /** Has the JVM compile what the experts of all models need, from now on, on this worker's threads. Returns at once. */
    void warmUp() {
        warmUps.begin();
    }

    /** Ends its threads. Tasks that still arrive are answered that their ranks have moved. */
    void stop() {
        compute.shutdown();
        unregister.run();
    }

    /** Has tiles that have come to this member or to holders of backups collected, and forgets those that are gone. For one thread. */
    void tidy() {
        upkeep.round();
        warmUps.round();
        askedAt.keySet().removeIf(deployment -> deployed.find(deployment).isEmpty());
    }

    WorkerCounters counters() {
        return counters;
    }

    /** Returns how many bytes tasks may take before their turn comes. */
    long roomForTasks() {
        return reports.roomForTasks();
    }

    /** Returns the reply to a request, or throws what went wrong. */
    WorkerReply answer(long requestId, WorkerRequest request, Deadline deadline) {
        if (request instanceof InitializeLayer initialize) {
            return on(initialize.deployment(), request, set -> products.initializeLayer(set, initialize, deadline));
        } else if (request instanceof ForwardLayer forward) {
            return on(
                    forward.matrix().deployment(),
                    request,
                    set -> products.forwardLayer(set, requestId, forward, deadline));
        } else if (request instanceof ForwardExperts forward) {
            return on(forward.deployment(), request, set -> products.forwardExperts(set, requestId, forward, deadline));
        } else if (request instanceof Release release) {
            tiles.forget(release.deployment());
            return WorkerReply.ok(0);
        } else if (request instanceof Retire retire) {
            return retire(retire.deployment());
        } else if (request instanceof Examine) {
            return WorkerReply.ok(0, reports.ofRanks());
        } else if (request instanceof Abandon abandon) {
            turns.abandon(abandon.requestId());
            return WorkerReply.ok(0);
        } else if (request instanceof AskTurn ask) {
            return WorkerReply.ok(0, turns.of(ask.requestId()));
        } else if (request instanceof AskState) {
            return WorkerReply.ok(
                    0, new Report.State(hazelcast.getCluster().getClusterState().name()));
        } else if (request instanceof AskHeld ask) {
            return WorkerReply.ok(0, reports.held(ask.deployment(), warmUps.haveEnded(ask.deployment())));
        } else if (request instanceof AskRoom ask) {
            return WorkerReply.ok(0, reports.room(ask.bytes()));
        } else if (request instanceof Describe) {
            return WorkerReply.ok(0, reports.ofMember());
        }
        throw new AssertionError(request);
    }

    /** Replies to a request for ranks of a set of shards, which must be known here. */
    private WorkerReply on(UUID deployment, WorkerRequest request, Function<Deployed, WorkerReply> reply) {
        Deployed set = deployed.find(deployment).orElse(null);
        if (set == null) {
            return WorkerReply.of(RankStatus.MISSING, request.ranks().size(), "no model has deployment " + deployment);
        }
        if (!set.set().ranks().containsAll(request.ranks())) {
            throw new IllegalArgumentException(
                    "ranks: " + request.ranks() + " (expected: of " + set.set().ranks() + ")");
        }
        askedAt.put(deployment, System.nanoTime());
        return reply.apply(set);
    }

    private WorkerReply retire(UUID deployment) {
        long asked = askedAt.getOrDefault(deployment, System.nanoTime() - LATELY_NANOS);
        boolean lately = System.nanoTime() - asked < LATELY_NANOS;
        if (!lately) {
            tiles.forget(deployment);
        }
        return WorkerReply.ok(0, new Report.Asked(lately));
    }
}
