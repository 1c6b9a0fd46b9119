package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import java.lang.ref.Cleaner.Cleanable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.expertgrid.cluster.grid.DaemonThreads;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.grid.Migrations;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.models.DeployedSets;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.cluster.shards.HeldTiles;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.ReplyCodec;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.TaskCodec;
import org.expertgrid.cluster.wire.Worker;
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
import org.expertgrid.cluster.wire.WorkerRequest.RowsOfExpert;
import org.expertgrid.cluster.worker.TaskWeights.Slice;
import org.expertgrid.cluster.worker.TileReader.Outcome;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.ColumnParallel;
import org.expertgrid.experts.layers.ExpertRows;
import org.expertgrid.experts.layers.GatedExperts;
import org.expertgrid.experts.layers.PackedExpert;
import org.expertgrid.experts.ranks.RankSlice;
import org.expertgrid.experts.ranks.RankTree;
import org.expertgrid.experts.ranks.RankTree.Subtree;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MatrixRole.Cut;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * The worker of a member: there is one on each, and it computes with the tiles that the member's partitions hold, on all cores. It lives
 * in Hazelcast's user context while the member runs. It answers for every rank of which the member holds all tiles, whether it owns
 * the rank's partition or keeps a backup of it.
 *
 * <p>Safe for use by many threads.
 */
public final class LinearShardWorker implements Worker {
    /** Longer than a forward of any size takes between two tasks, and than word of a new set of shards takes to its callers. */
    private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final HazelcastInstance hazelcast;
    private final Kernels kernels;
    private final DeployedSets deployed;
    private final TileReader tiles;
    private final TileUpkeep upkeep;
    private final WorkerCounters counters;
    private final MemberReports reports;
    private final Admission admission;
    private final ExecutorService compute;
    private final Runnable unregister;
    private final Turns turns;
    /** When each deployment was last asked for, as {@link System#nanoTime} counts. */
    private final Map<UUID, Long> askedAt = new ConcurrentHashMap<>();

    private final ColumnParallel product;
    private final GatedExperts experts;
    private final AtomicInteger running = new AtomicInteger();
    private volatile long lastEndedAt = System.nanoTime();

    private LinearShardWorker(HazelcastInstance hazelcast, Supplier<List<String>> missing) {
        this.kernels = KernelsChoice.best();
        int processors = Runtime.getRuntime().availableProcessors();
        this.hazelcast = hazelcast;
        this.compute = Executors.newFixedThreadPool(processors, DaemonThreads.of(hazelcast, "compute"));
        HeldTiles held = HeldTiles.of(hazelcast);
        this.tiles = new TileReader(hazelcast, held);
        this.deployed = DeployedSets.of(hazelcast);
        Migrations migrations = Migrations.of(hazelcast);
        this.upkeep = new TileUpkeep(deployed, held, tiles, migrations);
        this.counters = new WorkerCounters(kernels.name(), held);
        this.turns = new Turns(counters);
        this.reports = new MemberReports(hazelcast, deployed, held, tiles, counters, migrations, missing);
        this.admission = Admission.of(hazelcast.getConfig(), reports.roomForTasks());
        this.unregister = JmxBeans.register(counters, Map.of("type", "Worker", "member", hazelcast.getName()));
        ThreadTeam team = ThreadTeam.of(compute, processors);
        this.product = new ColumnParallel(kernels, team);
        this.experts = new GatedExperts(kernels, team);
    }

    /**
     * Starts the worker of a member, and puts it where tasks find it.
     *
     * @param missing names what the member's configuration lacks
     */
    public static LinearShardWorker start(HazelcastInstance member, Supplier<List<String>> missing) {
        LinearShardWorker worker = new LinearShardWorker(member, missing);
        member.getUserContext().put(KEY, worker);
        return worker;
    }

    /** Has the JVM compile the kernels of all element types on this worker's threads, and returns at once. */
    public void warmUp() {
        for (ElementType type : ElementType.values()) {
            compute.execute(() -> WarmUp.run(kernels, type));
        }
    }

    /** Ends its threads. Tasks that still arrive are answered that their ranks have moved. */
    public void stop() {
        compute.shutdown();
        unregister.run();
    }

    /** Has tiles that have come to this member or to holders of backups collected, and forgets those that are gone. For one thread. */
    public void tidy() {
        upkeep.round();
        admission.limit(reports.roomForTasks());
        askedAt.keySet().removeIf(deployment -> deployed.find(deployment).isEmpty());
    }

    @Override
    public Cleanable admit(Object task, int blockBytes) {
        return admission.admit(task, blockBytes);
    }

    @Override
    public boolean isQuietFor(long nanos) {
        long pending = hazelcast
                .getExecutorService(GridNames.EXECUTOR)
                .getLocalExecutorStats()
                .getPendingTaskCount();
        return pending == 0 && running.get() == 0 && System.nanoTime() - lastEndedAt > nanos;
    }

    @Override
    public byte[] answer(byte[] block) {
        running.incrementAndGet();
        try {
            return answerCounted(block);
        } finally {
            lastEndedAt = System.nanoTime();
            running.decrementAndGet();
        }
    }

    private byte[] answerCounted(byte[] block) {
        long start = System.nanoTime();
        long requestId = 0;
        int ranks = 0;
        WorkerReply reply;
        try {
            TaskCodec.Task task = TaskCodec.decode(block);
            Stopwatch.since(start, counters.decodingNanos);
            requestId = task.requestId();
            ranks = task.request().ranks().size();
            reply = answer(requestId, task.request(), Deadline.inMillis(task.timeLeftMillis()));
        } catch (Throwable thrown) {
            reply = WorkerReply.thrown(ranks, thrown);
        }
        return encode(requestId, reply);
    }

    @Override
    public byte[] turnAway() {
        counters.turnedAway.increment();
        return encode(0, WorkerReply.busy(1, admission.toString()));
    }

    private byte[] encode(long requestId, WorkerReply reply) {
        long start = System.nanoTime();
        try {
            return ReplyCodec.encode(new ReplyCodec.Answer(requestId, reply));
        } catch (Throwable thrown) {
            WorkerReply failed = WorkerReply.thrown(reply.statuses().size(), thrown);
            return ReplyCodec.encode(new ReplyCodec.Answer(requestId, failed));
        } finally {
            Stopwatch.since(start, counters.encodingNanos);
        }
    }

    @Override
    public WorkerReply answer(long requestId, WorkerRequest request, Deadline deadline) {
        if (request instanceof InitializeLayer initialize) {
            return on(initialize.deployment(), request, set -> initializeLayer(set, initialize, deadline));
        } else if (request instanceof ForwardLayer forward) {
            return on(forward.matrix().deployment(), request, set -> forwardLayer(set, requestId, forward, deadline));
        } else if (request instanceof ForwardExperts forward) {
            return on(forward.deployment(), request, set -> forwardExperts(set, requestId, forward, deadline));
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
            return WorkerReply.ok(0, reports.held(ask.deployment()));
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

    /** Finds the ranks' slices of an expert, here and where their backups are; answers their widths. */
    private WorkerReply initializeLayer(Deployed set, InitializeLayer request, Deadline deadline) {
        LayerDefinition layer = set.definition().layer(request.layer());
        TaskWeights weights = new TaskWeights(tiles, set);
        List<Slice> slices = new ArrayList<>();
        for (MatrixRole matrix : layer.roles(request.expert())) {
            request.ranks().forEach(rank -> slices.add(weights.need(layer, request.expert(), matrix, rank)));
        }
        Outcome outcome = weights.findWritten(deadline);
        int ranks = request.ranks().size();
        if (outcome.status() == RankStatus.BUSY) {
            // A deployment stops where memory is short; it does not try again and again.
            return WorkerReply.failed(ranks, outcome.message());
        }
        return outcome.status() != RankStatus.OK
                ? WorkerReply.of(outcome.status(), ranks, outcome.message())
                : WorkerReply.ok(
                        ranks,
                        new Report.Widths(slices.stream()
                                .map(slice -> slice.packed().outputs())
                                .toList()));
    }

    /** Multiplies the rows by the ranks' columns, side by side. */
    private WorkerReply forwardLayer(Deployed set, long requestId, ForwardLayer request, Deadline deadline) {
        MatrixId id = request.matrix();
        LayerDefinition layer = set.definition().layer(id.layer());
        if (set.definition().cut(id.matrix()) != Cut.OUTPUTS) {
            throw new IllegalArgumentException(id + ": cut by inputs (expected: a matrix that is cut by outputs)");
        }
        TaskWeights weights = new TaskWeights(tiles, set);
        List<Slice> slices = request.ranks().stream()
                .map(rank -> weights.need(layer, id.expert(), id.matrix(), rank))
                .toList();
        return compute(requestId, request, weights, deadline, () -> {
            List<PackedWeights> packed = slices.stream().map(Slice::packed).toList();
            checkFit(request.x(), packed.get(0).inputs(), packed.get(0).elementType());
            return product.forward(request.x(), packed);
        });
    }

    /** The slices of one expert that rows go to, rank by rank, each in the order of the expert's matrices. */
    private record Needed(RowsOfExpert rows, List<List<Slice>> parts) {}

    /** Takes the rows through the ranks' slices of the experts that they go to. */
    private WorkerReply forwardExperts(Deployed set, long requestId, ForwardExperts request, Deadline deadline) {
        ModelDefinition model = set.definition();
        LayerDefinition layer = model.layer(request.layer());
        checkFit(request.x(), layer.shape().inputDim(), layer.elementType());
        TaskWeights weights = new TaskWeights(tiles, set);
        List<Needed> needed = new ArrayList<>();
        for (RowsOfExpert rows : request.rows()) {
            List<MatrixRole> roles = layer.roles(rows.expert());
            needed.add(new Needed(
                    rows,
                    request.ranks().stream()
                            .map(rank -> roles.stream()
                                    .map(role -> weights.need(layer, rows.expert(), role, rank))
                                    .toList())
                            .toList()));
        }
        List<Subtree> subtrees = new RankTree(model.ranks())
                .cover(request.ranks().stream().map(Rank::number).toList());
        return compute(requestId, request, weights, deadline, () -> {
            List<ExpertRows> rows = needed.stream()
                    .map(one -> rowsOf(one, model, layer, request.ranks()))
                    .toList();
            int outputs = layer.shape().outputDim();
            return below(experts.forward(request.x(), rows, layer.rule().gateOn(), outputs, subtrees));
        });
    }

    private static ExpertRows rowsOf(Needed needed, ModelDefinition model, LayerDefinition layer, List<Rank> ranks) {
        ExpertShape shape = layer.shape().expert(needed.rows().expert());
        List<PackedExpert> parts = new ArrayList<>();
        for (int i = 0; i < ranks.size(); i++) {
            RankSlice slice = new RankSlice(ranks.get(i).number(), model.ranks());
            parts.add(new PackedExpert(
                    slice.of(shape),
                    needed.parts().get(i).stream().map(Slice::packed).toList()));
        }
        return new ExpertRows(needed.rows().rows(), parts);
    }

    /** Returns the matrices as one, each below the one before. */
    private static Matrix below(List<Matrix> results) {
        Matrix first = results.get(0);
        if (results.size() == 1) {
            return first;
        }
        MatrixBuffer all = MatrixBuffer.allocate(first.elementType(), first.rows() * results.size(), first.columns());
        for (int i = 0; i < results.size(); i++) {
            all.copyRows(results.get(i), i * first.rows());
        }
        return all.toMatrix();
    }

    /** Refuses rows that do not fit the weights before anything is allocated for their product. */
    private static void checkFit(Matrix x, int inputs, ElementType type) {
        new Problems().expectInput(x, inputs, type).throwIfAny();
    }

    private WorkerReply compute(
            long requestId, WorkerRequest request, TaskWeights weights, Deadline deadline, Supplier<Matrix> result) {
        Outcome outcome = weights.find(deadline);
        int ranks = request.ranks().size();
        return outcome.status() == RankStatus.OK
                ? turns.compute(requestId, ranks, deadline, result)
                : WorkerReply.of(outcome.status(), ranks, outcome.message());
    }
}
