package org.expertgrid.cluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * Sends small forwards that arrive together as one batch. The first request leads: it waits for others within a window, runs the batch
 * and hands each request its rows of the result. While a batch runs the next one fills, because the members would not begin it before.
 * A row's bits do not depend on the rows beside it, so batching changes no result.
 *
 * <p>Safe for use by many threads.
 */
public final class RequestBatcher implements ForwardPass {
    /** Batches of more rows than this keep the members busy by themselves. */
    private static final int SMALL_ROWS = 64;

    private static final int FULL_ROWS = 512;
    private static final long FALLBACK_NANOS = 1_000_000;
    /** A batch that takes longer than this may be failing, so the next one no longer waits for it. */
    private static final long LONGEST_WAIT_NANOS = 100_000_000;
    /** Extra time after the deadline to receive the error of the batch. */
    private static final long ERROR_NANOS = 10_000_000;

    private final ForwardPass pass;
    private final ForwardCounters counters;
    private final long windowNanos;
    /** The batch that may still be joined, if there is one. */
    private Batch filling;

    private int underWay;

    public RequestBatcher(ForwardPass pass, ForwardCounters counters, long windowNanos) {
        this.pass = pass;
        this.counters = counters;
        this.windowNanos = windowNanos;
    }

    private record Request(Matrix x, Deadline deadline, CompletableFuture<Matrix> y) {}

    /** Requests that are sent together, led by the thread of the first of them and within its deadline. */
    private static final class Batch {
        private final Thread leader = Thread.currentThread();
        private final Deadline deadline;
        private final List<Request> requests = new ArrayList<>();
        private int rows;

        Batch(Deadline deadline) {
            this.deadline = deadline;
        }

        void add(Request request) {
            requests.add(request);
            rows += request.x().rows();
            if (isFull()) {
                LockSupport.unpark(leader);
            }
        }

        boolean isFull() {
            return rows >= FULL_ROWS;
        }
    }

    /** Returns what the pass makes of {@code x}, alone or in a batch. Each request in a batch keeps its own deadline. */
    @Override
    public Matrix forward(Matrix x, Deadline deadline) {
        if (x.rows() > SMALL_ROWS) {
            return pass.forward(x, deadline);
        }
        Request mine = new Request(x, deadline, new CompletableFuture<>());
        Batch batch = join(mine);
        if (batch.leader == Thread.currentThread()) {
            lead(batch);
        }
        return await(mine);
    }

    private synchronized Batch join(Request request) {
        Batch batch = filling == null ? new Batch(request.deadline()) : filling;
        batch.add(request);
        filling = batch;
        return batch;
    }

    /** Runs a batch and completes all its requests, with results or with the error. No request can join it any more. */
    private void lead(Batch batch) {
        try {
            awaitOthers(batch);
            close(batch);
            run(batch);
        } catch (Throwable thrown) {
            close(batch);
            fail(batch, thrown);
        } finally {
            ended();
        }
    }

    /** Waits for other requests. Parks, because waiting on a monitor would round the window up to a whole millisecond. */
    private void awaitOthers(Batch batch) {
        long end = System.nanoTime() + Math.min(windowNanos, batch.deadline.nanosLeft());
        while (!Thread.currentThread().isInterrupted()) {
            long left = end - System.nanoTime();
            if (mayClose(batch, left)) {
                return;
            }
            // Checked first: a thread that wakes late would otherwise send a request that must time out, and the error
            // would blame the members.
            if (left <= 0 && batch.deadline.passed()) {
                throw new OverloadedException(
                        "a forward of few rows: others of this handle took until the deadline (expected: fewer at a time,"
                                + " or a longer deadline)",
                        null);
            }
            if (left < -LONGEST_WAIT_NANOS) {
                return;
            }
            LockSupport.parkNanos(left > 0 ? left : FALLBACK_NANOS);
        }
    }

    private synchronized boolean mayClose(Batch batch, long windowLeft) {
        return batch.isFull() || (windowLeft <= 0 && underWay == 0);
    }

    private synchronized void close(Batch batch) {
        if (filling == batch) {
            filling = null;
            underWay++;
        }
    }

    private synchronized void ended() {
        underWay--;
        if (filling != null) {
            LockSupport.unpark(filling.leader);
        }
    }

    private void run(Batch batch) {
        batch.requests.removeIf(request -> request.y().isDone());
        Matrix results = pass.forward(concatenate(batch.requests), batch.deadline);
        // The pass has counted one.
        counters.forwards.add(batch.requests.size() - 1L);
        int row = 0;
        for (Request request : batch.requests) {
            int rows = request.x().rows();
            request.y().complete(results.rowRange(row, row + rows));
            row += rows;
        }
    }

    private static void fail(Batch batch, Throwable thrown) {
        batch.requests.get(0).y().completeExceptionally(thrown);
        boolean interrupted = Thread.currentThread().isInterrupted();
        boolean mayHaveBeenTime = thrown instanceof ForwardFailedException;
        batch.requests.forEach(request -> {
            // A request with hardly more time would fail in the same way.
            boolean hasMoreTime = request.deadline().nanoTime() - batch.deadline.nanoTime() > LONGEST_WAIT_NANOS;
            if (interrupted || mayHaveBeenTime && hasMoreTime) {
                request.y().cancel(false);
            } else {
                request.y().completeExceptionally(thrown);
            }
        });
    }

    /** Awaits the rows of a request; a thread that is interrupted or out of time takes its request out of the batch. */
    private Matrix await(Request mine) {
        try {
            return mine.y().get(mine.deadline().nanosLeft() + ERROR_NANOS, TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            // The leader was interrupted or out of time, which is no reason for this request to fail.
            return pass.forward(mine.x(), mine.deadline());
        } catch (InterruptedException e) {
            mine.y().cancel(false);
            Thread.currentThread().interrupt();
            throw new ForwardFailedException("a forward of few rows: the caller was interrupted", e);
        } catch (TimeoutException e) {
            mine.y().cancel(false);
            throw new ForwardFailedException(
                    "a forward of few rows: the requests in its batch were not answered within its deadline", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // A pass declares no other.
            throw (RuntimeException) e.getCause();
        }
    }

    private static Matrix concatenate(List<Request> requests) {
        Matrix first = requests.get(0).x();
        if (requests.size() == 1) {
            return first;
        }
        int rows = requests.stream().mapToInt(request -> request.x().rows()).sum();
        MatrixBuffer all = MatrixBuffer.allocate(first.elementType(), rows, first.columns());
        int row = 0;
        for (Request request : requests) {
            all.copyRows(request.x(), row);
            row += request.x().rows();
        }
        return all.toMatrix();
    }
}
