package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.lang.ref.Cleaner.Cleanable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.expertgrid.cluster.grid.DaemonThreads;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.layout.Cut;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.ReplyCodec;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.TaskCodec;
import org.expertgrid.cluster.wire.Worker;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerRequest.Abandon;
import org.expertgrid.cluster.wire.WorkerRequest.Describe;
import org.expertgrid.cluster.wire.WorkerRequest.Examine;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardExperts;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardLayer;
import org.expertgrid.cluster.wire.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.wire.WorkerRequest.Prepare;
import org.expertgrid.cluster.wire.WorkerRequest.Release;
import org.expertgrid.cluster.wire.WorkerRequest.Retire;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.ColumnParallel;
import org.expertgrid.experts.layers.GatedExperts;
import org.expertgrid.experts.layers.PackedExpert;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * The one of each member that holds its ranks' weights and computes with them, on all cores. It lives in Hazelcast's user context
 * from the first task on and ends with the instance.
 *
 * <p>Safe for use by many threads.
 */
public final class LinearShardWorker implements Worker {

    /** By this time after a run of ranks was first asked for, partitions that were moving have mostly arrived. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private static final long LONGEST_WAY_BACK_MILLIS = 500;
    private static final int LOADER_THREADS = 2;

    private final HazelcastInstance hazelcast;
    private final IMap<String, ModelRecord> models;
    private final PackedSlices slices;
    private final SliceMerger merger;
    private final WorkerCounters counters;
    private final MemberReports reports;
    private final Admission admission;
    private final ExecutorService compute;
    private final ExecutorService loader;
    private final Runnable unregister;
    private final CancelledRequests abandoned = new CancelledRequests();
    private final ColumnParallel product;
    private final GatedExperts experts;
    /** A task computes on all cores, so that the next ones come no later by waiting, and pieces of a batch end one by one. */
    private final Semaphore cores = new Semaphore(1, true);

    private final AtomicInteger running = new AtomicInteger();
    private volatile long lastEndedAt = System.nanoTime();

    private LinearShardWorker(HazelcastInstance hazelcast, Supplier<List<String>> missing) {
        Kernels kernels = KernelsChoice.best();
        int processors = Runtime.getRuntime().availableProcessors();
        this.hazelcast = hazelcast;
        this.admission = Admission.of(hazelcast.getConfig());
        this.compute = Executors.newFixedThreadPool(processors, DaemonThreads.of(hazelcast, "compute"));
        this.loader = Executors.newFixedThreadPool(LOADER_THREADS, DaemonThreads.of(hazelcast, "loader"));
        this.slices = new PackedSlices(hazelcast, LinearWeights::packed, loader, HeapRoom.ofThisJvm());
        this.merger = new SliceMerger(hazelcast, slices, SETTLED);
        this.models = hazelcast.getMap(GridNames.MODELS);
        this.counters = new WorkerCounters(kernels.name(), slices);
        this.reports = new MemberReports(hazelcast, slices, counters, missing);
        this.unregister = JmxBeans.register(counters, Map.of("type", "Worker", "member", hazelcast.getName()));
        ThreadTeam team = ThreadTeam.of(compute, processors);
        this.product = new ColumnParallel(kernels, team);
        this.experts = new GatedExperts(kernels, team);
        for (ElementType type : ElementType.values()) {
            loader.execute(() -> WarmUp.run(kernels, type));
        }
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

    /** Ends its threads. Tasks that still arrive are answered that their ranks have moved. */
    public void stop() {
        compute.shutdown();
        loader.shutdown();
        unregister.run();
    }

    /** Drops the slices that are not needed any more, and merges those of neighbouring ranks. For one thread. */
    public void tidy() {
        slices.sweep();
        merger.merge();
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
            return initializeLayer(initialize, deadline);
        } else if (request instanceof Prepare prepare) {
            return prepare(prepare, deadline);
        } else if (request instanceof ForwardLayer forward) {
            return forwardLayer(requestId, forward, deadline);
        } else if (request instanceof ForwardExperts forward) {
            return forwardExperts(requestId, forward, deadline);
        } else if (request instanceof Release release) {
            slices.release(release.deployment());
            return WorkerReply.ok(0);
        } else if (request instanceof Retire retire) {
            return WorkerReply.ok(0, new Report.Kept(slices.retire(retire.deployment())));
        } else if (request instanceof Examine) {
            return WorkerReply.ok(0, reports.ofRanks());
        } else if (request instanceof Abandon abandon) {
            abandoned.add(abandon.requestId());
            return WorkerReply.ok(0);
        } else if (request instanceof Describe) {
            return WorkerReply.ok(0, reports.ofMember());
        }
        throw new AssertionError(request);
    }

    /** Reads and packs the ranks' slices; answers the width of each run of neighbours. */
    private WorkerReply initializeLayer(InitializeLayer request, Deadline deadline) {
        Found found = find(request.layer(), Rank.runs(request.ranks()), deadline);
        return found.complete()
                ? WorkerReply.ok(
                        request.ranks().size(),
                        new Report.Widths(found.weights().stream()
                                .map(PackedWeights::outputs)
                                .toList()))
                : found.problemOfDeployment(request.ranks().size());
    }

    /** Reads and packs what is missing of all layers. */
    private WorkerReply prepare(Prepare request, Deadline deadline) {
        ModelDefinition model = models.values().stream()
                .filter(record -> record.shards().deployment().equals(request.deployment()))
                .map(ModelRecord::definition)
                .findFirst()
                .orElse(null);
        int ranks = request.ranks().size();
        if (model == null) {
            return WorkerReply.failed(ranks, "no model has deployment " + request.deployment());
        }
        List<List<Rank>> pieces = pieces(request.deployment(), request.ranks());
        for (int e = 0; e < model.shape().experts(); e++) {
            for (MatrixRole matrix : model.kind().matrices()) {
                Found found = find(new LayerId(request.deployment(), e, matrix, model.cut(matrix)), pieces, deadline);
                if (!found.complete()) {
                    return found.problemOf(ranks);
                }
            }
        }
        return WorkerReply.ok(ranks);
    }

    /** Multiplies the rows by the ranks' columns, side by side. */
    private WorkerReply forwardLayer(long requestId, ForwardLayer request, Deadline deadline) {
        List<List<Rank>> pieces = pieces(request.layer().deployment(), request.ranks());
        Found found = find(request.layer(), pieces, deadline);
        return found.complete()
                ? compute(requestId, request, deadline, () -> {
                    checkFit(request.x(), found.weights().get(0));
                    return product.forward(request.x(), found.weights());
                })
                : found.problemOf(request.ranks().size());
    }

    /** Takes the rows through the ranks' slices of all experts; the shares of several runs are added in the ranks' order. */
    private WorkerReply forwardExperts(long requestId, ForwardExperts request, Deadline deadline) {
        List<List<PackedExpert>> runs = new ArrayList<>();
        for (List<Rank> piece : pieces(request.deployment(), request.ranks())) {
            List<PackedExpert> packed = new ArrayList<>();
            for (int e = 0; e < request.rows().size(); e++) {
                Found fc1 = find(layer(request, e, MatrixRole.FC1), List.of(piece), deadline);
                Found fc2 = find(layer(request, e, MatrixRole.FC2), List.of(piece), deadline);
                if (!fc1.complete() || !fc2.complete()) {
                    return (fc1.complete() ? fc2 : fc1)
                            .problemOf(request.ranks().size());
                }
                packed.add(PackedExpert.seed(fc1.weights().get(0), fc2.weights().get(0)));
            }
            runs.add(packed);
        }
        return compute(requestId, request, deadline, () -> share(request, runs));
    }

    /** Returns the ranks as the runs that this member answers from; what all layers of a deployment have in common tells which. */
    private List<List<Rank>> pieces(UUID deployment, List<Rank> ranks) {
        LayerId first = new LayerId(deployment, 0, MatrixRole.FC1, Cut.COLUMNS);
        List<List<Rank>> pieces = new ArrayList<>();
        for (List<Rank> run : Rank.runs(ranks)) {
            List<List<Rank>> ofRun = slices.pieces(first, run);
            if (ofRun.size() > 1) {
                merger.want(deployment, run);
            }
            pieces.addAll(ofRun);
        }
        return pieces;
    }

    private static LayerId layer(ForwardExperts request, int expert, MatrixRole matrix) {
        return new LayerId(request.deployment(), expert, matrix, Cut.of(Exchange.REDUCE, matrix));
    }

    private Matrix share(ForwardExperts request, List<List<PackedExpert>> runs) {
        checkFit(request.x(), runs.get(0).get(0).matrices().get(0));
        Matrix first = experts.forward(request.x(), request.rows(), runs.get(0), GateOn.OUTPUT);
        if (runs.size() == 1) {
            return first;
        }
        MatrixBuffer sum = MatrixBuffer.allocate(first.elementType(), first.rows(), first.columns());
        sum.copyRows(first, 0);
        for (List<PackedExpert> run : runs.subList(1, runs.size())) {
            sum.addRows(experts.forward(request.x(), request.rows(), run, GateOn.OUTPUT), 0);
        }
        return sum.toMatrix();
    }

    /** Refuses rows that do not fit the weights before anything is allocated for their product. */
    private static void checkFit(Matrix x, PackedWeights weights) {
        new Problems().expectInput(x, weights.inputs(), weights.elementType()).throwIfAny();
    }

    /** How long a task waits for its turn: not so long that its caller would have gone before he could be told. */
    private static long patienceMillis(Deadline deadline) {
        long left = deadline.millisLeft();
        return left - Math.min(LONGEST_WAY_BACK_MILLIS, left / 4);
    }

    /** Computes when it is this task's turn, unless nobody waits for it any more by then. */
    private WorkerReply compute(long requestId, WorkerRequest request, Deadline deadline, Supplier<Matrix> result) {
        try {
            if (!cores.tryAcquire(patienceMillis(deadline), TimeUnit.MILLISECONDS)) {
                counters.turnedAway.increment();
                return WorkerReply.busy(request.ranks().size(), "its turn did not come in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Only a member that is stopping interrupts its tasks: another one will have the ranks.
            return WorkerReply.of(RankStatus.MOVED, request.ranks().size(), "interrupted");
        }
        try {
            if (abandoned.contains(requestId)) {
                return WorkerReply.failed(request.ranks().size(), "abandoned by its caller before its turn came");
            }
            long start = System.nanoTime();
            Matrix computed = result.get();
            Stopwatch.since(start, counters.computingNanos);
            counters.tasks.increment();
            return WorkerReply.ok(request.ranks().size(), computed);
        } finally {
            cores.release();
        }
    }

    /** Looks for the slices of a layer up to the first that cannot be had, whose status all ranks share then. */
    private Found find(LayerId layer, List<List<Rank>> runs, Deadline deadline) {
        List<PackedWeights> weights = new ArrayList<>();
        for (List<Rank> run : runs) {
            PackedSlices.Slice slice = slices.get(layer, run, deadline);
            if (slice.status() != RankStatus.OK) {
                return new Found(slice.status(), List.of(), slice.message());
            }
            weights.add(slice.weights());
        }
        return new Found(RankStatus.OK, weights, "");
    }

    /** The slices of a layer that were looked for: weights for each run of neighbours where the status is OK. */
    private record Found(RankStatus status, List<PackedWeights> weights, String message) {
        boolean complete() {
            return status == RankStatus.OK;
        }

        /** Returns the reply to whoever can do without: he is not to try again and again where there is no memory. */
        WorkerReply problemOfDeployment(int ranks) {
            return status == RankStatus.BUSY ? WorkerReply.failed(ranks, message) : problemOf(ranks);
        }

        /** Returns the reply to a request for that many ranks, which share the problem. */
        WorkerReply problemOf(int ranks) {
            return WorkerReply.of(status, ranks, message);
        }
    }
}
