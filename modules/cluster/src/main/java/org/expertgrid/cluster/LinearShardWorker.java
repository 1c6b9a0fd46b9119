package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.map.LocalMapStats;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.cluster.PackedSlices.Slice;
import org.expertgrid.cluster.WorkerRequest.Describe;
import org.expertgrid.cluster.WorkerRequest.ForwardLayer;
import org.expertgrid.cluster.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.WorkerRequest.LayerId;
import org.expertgrid.cluster.WorkerRequest.Rank;
import org.expertgrid.cluster.WorkerRequest.Release;
import org.expertgrid.experts.ColumnParallel;
import org.expertgrid.experts.ThreadTeam;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.PackedWeights;

/**
 * The one of each member that holds its ranks' weights and computes with them, on all cores. It lives in Hazelcast's user context
 * from the first task on and ends with the instance.
 *
 * <p>Safe for use by many threads.
 */
final class LinearShardWorker {
    private static final Logger LOGGER = System.getLogger(LinearShardWorker.class.getName());
    private static final String CONTEXT_KEY = "expertgrid.worker";
    private static final int LOADER_THREADS = 2;
    private static final int SWEEP_SECONDS = 5;

    private final HazelcastInstance hazelcast;
    private final Kernels kernels;
    private final PackedSlices slices;
    private final ColumnParallel product;

    private LinearShardWorker(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.kernels = Kernels.best();
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService compute = Executors.newFixedThreadPool(cores, threads("compute"));
        ExecutorService loader = Executors.newFixedThreadPool(LOADER_THREADS, threads("loader"));
        ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(threads("sweeper"));
        this.slices = new PackedSlices(hazelcast, kernels, loader);
        this.product = new ColumnParallel(kernels, ThreadTeam.of(compute, cores));
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.SHUTDOWN) {
                compute.shutdown();
                loader.shutdown();
                sweeper.shutdownNow();
            }
        });
    }

    /** Returns the worker of this member. */
    static LinearShardWorker of(HazelcastInstance hazelcast) {
        return (LinearShardWorker)
                hazelcast.getUserContext().computeIfAbsent(CONTEXT_KEY, key -> new LinearShardWorker(hazelcast));
    }

    /** Does what is asked; says in the reply what could not be done. */
    WorkerReply answer(WorkerRequest request, Deadline deadline) {
        if (request instanceof InitializeLayer initialize) {
            return initializeLayer(initialize, deadline);
        } else if (request instanceof ForwardLayer forward) {
            return forwardLayer(forward, deadline);
        } else if (request instanceof Release release) {
            slices.release(release.deployment());
            return WorkerReply.ok(0, List.of(), null);
        } else if (request instanceof Describe) {
            return describe();
        }
        throw new AssertionError(request);
    }

    /** Reads and packs the ranks' slices; answers the width of each. */
    private WorkerReply initializeLayer(InitializeLayer request, Deadline deadline) {
        List<Slice> found = find(request.layer(), request.ranks(), deadline);
        WorkerReply problem = problem(found);
        return problem != null
                ? problem
                : WorkerReply.ok(
                        found.size(),
                        found.stream()
                                .map(slice -> (long) slice.weights().outputs())
                                .toList(),
                        null);
    }

    /** Multiplies the rows by the ranks' slices, side by side. */
    private WorkerReply forwardLayer(ForwardLayer request, Deadline deadline) {
        List<Slice> found = find(request.layer(), request.ranks(), deadline);
        WorkerReply problem = problem(found);
        if (problem != null) {
            return problem;
        }
        List<PackedWeights> weights = found.stream().map(Slice::weights).toList();
        return WorkerReply.ok(found.size(), List.of(), product.forward(request.x(), weights));
    }

    private WorkerReply describe() {
        LocalMapStats stats =
                hazelcast.getMap(ExpertgridConfig.SHARDS).getLocalMapStats();
        Runtime runtime = Runtime.getRuntime();
        List<Long> numbers = MemberStatus.numbers(
                runtime.availableProcessors(),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory(),
                slices.count(),
                slices.bytes(),
                stats.getOwnedEntryMemoryCost(),
                stats.getBackupEntryMemoryCost());
        List<String> lines = new ArrayList<>();
        lines.add(kernels.name());
        lines.addAll(ExpertgridConfig.missingFrom(hazelcast.getConfig()));
        return new WorkerReply(List.of(), String.join("\n", lines), numbers, null);
    }

    private List<Slice> find(LayerId layer, List<Rank> ranks, Deadline deadline) {
        return ranks.stream().map(rank -> slices.get(layer, rank, deadline)).toList();
    }

    private static WorkerReply problem(List<Slice> found) {
        if (found.stream().allMatch(slice -> slice.status() == RankStatus.OK)) {
            return null;
        }
        String message = found.stream()
                .map(Slice::message)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return new WorkerReply(found.stream().map(Slice::status).toList(), message, List.of(), null);
    }

    private void sweep() {
        try {
            slices.sweep();
        } catch (RuntimeException e) {
            // The next sweep finds the same again; only a member that is stopping cannot read the models.
            LOGGER.log(Logger.Level.DEBUG, "sweep put off", e);
        }
    }

    private ThreadFactory threads(String purpose) {
        AtomicInteger number = new AtomicInteger();
        String name = "expertgrid." + hazelcast.getName() + "." + purpose + "-";
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
