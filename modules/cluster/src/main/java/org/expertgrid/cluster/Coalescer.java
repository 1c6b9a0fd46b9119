package org.expertgrid.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * Lets small forwards that arrive together travel together: the first one waits a moment for others, takes them along as one
 * batch, and hands everybody their rows of the result. While a batch is under way the next one fills: the members would not begin
 * it before anyway. A row's bits do not depend on the rows beside it, so nobody can tell.
 *
 * <p>Safe for use by many threads.
 */
final class Coalescer implements ForwardPass {
    /** Batches of more rows than this keep the members busy by themselves. */
    private static final int SMALL_ROWS = 64;

    private static final int FULL_ROWS = 512;
    private static final long FALLBACK_NANOS = 1_000_000;
    /** A batch that takes longer than this is in trouble, which need not be the next one's. */
    private static final long LONGEST_WAIT_NANOS = 100_000_000;

    private final ForwardPass pass;
    private final ForwardCounters counters;
    private final long windowNanos;
    private List<Passenger> waiting = new ArrayList<>();
    private int waitingRows;
    private Thread driver;
    private int underWay;

    Coalescer(ForwardPass pass, ForwardCounters counters, long windowNanos) {
        this.pass = pass;
        this.counters = counters;
        this.windowNanos = windowNanos;
    }

    private record Passenger(Matrix x, Deadline deadline, CompletableFuture<Matrix> y) {}

    /** Returns what the pass makes of {@code x}, alone or with others; those that travel together have the latest of their deadlines. */
    @Override
    public Matrix forward(Matrix x, Deadline deadline) {
        if (x.rows() > SMALL_ROWS) {
            return pass.forward(x, deadline);
        }
        Passenger mine = new Passenger(x, deadline, new CompletableFuture<>());
        if (board(mine)) {
            awaitOthers();
            try {
                depart(all());
            } finally {
                arrived();
            }
        }
        try {
            return mine.y().join();
        } catch (CancellationException e) {
            // Whoever took this one along was interrupted, which is no reason for this one to fail.
            return pass.forward(x, deadline);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Returns whether this one is the first, who departs for all. */
    private synchronized boolean board(Passenger passenger) {
        boolean first = waiting.isEmpty();
        if (first) {
            driver = Thread.currentThread();
        }
        waiting.add(passenger);
        waitingRows += passenger.x().rows();
        if (waitingRows >= FULL_ROWS) {
            LockSupport.unpark(driver);
        }
        return first;
    }

    /** Parks and does not wait on a monitor, which would round the window up to a whole millisecond. */
    private void awaitOthers() {
        long end = System.nanoTime() + windowNanos;
        while (!Thread.currentThread().isInterrupted()) {
            long left = end - System.nanoTime();
            if (mayDepart(left) || left < -LONGEST_WAIT_NANOS) {
                return;
            }
            LockSupport.parkNanos(left > 0 ? left : FALLBACK_NANOS);
        }
    }

    private synchronized boolean mayDepart(long windowLeft) {
        return waitingRows >= FULL_ROWS || (windowLeft <= 0 && underWay == 0);
    }

    private synchronized List<Passenger> all() {
        List<Passenger> all = waiting;
        waiting = new ArrayList<>();
        waitingRows = 0;
        underWay++;
        return all;
    }

    private synchronized void arrived() {
        underWay--;
        LockSupport.unpark(driver);
    }

    private void depart(List<Passenger> passengers) {
        try {
            Deadline latest = passengers.stream()
                    .map(Passenger::deadline)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            Matrix results = pass.forward(together(passengers), latest);
            // The pass has counted one.
            counters.forwards.add(passengers.size() - 1L);
            int row = 0;
            for (Passenger passenger : passengers) {
                int rows = passenger.x().rows();
                passenger.y().complete(results.rowRange(row, row + rows));
                row += rows;
            }
        } catch (Throwable thrown) {
            passengers.get(0).y().completeExceptionally(thrown);
            boolean onlyTheDriver = Thread.currentThread().isInterrupted();
            passengers.forEach(passenger -> {
                if (onlyTheDriver) {
                    passenger.y().cancel(false);
                } else {
                    passenger.y().completeExceptionally(thrown);
                }
            });
        }
    }

    private static Matrix together(List<Passenger> passengers) {
        Matrix first = passengers.get(0).x();
        if (passengers.size() == 1) {
            return first;
        }
        int rows =
                passengers.stream().mapToInt(passenger -> passenger.x().rows()).sum();
        MatrixBuffer all = MatrixBuffer.allocate(first.elementType(), rows, first.columns());
        int row = 0;
        for (Passenger passenger : passengers) {
            all.copyRows(passenger.x(), row);
            row += passenger.x().rows();
        }
        return all.toMatrix();
    }
}
