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
 * Lets small forwards that arrive together travel together: the first one waits a moment for others, takes them along as one
 * batch, and hands everybody their rows of the result. While a batch is under way the next one fills: the members would not begin
 * it before anyway. A row's bits do not depend on the rows beside it, so nobody can tell.
 *
 * <p>Safe for use by many threads.
 */
public final class RequestBatcher implements ForwardPass {
    /** Batches of more rows than this keep the members busy by themselves. */
    private static final int SMALL_ROWS = 64;

    private static final int FULL_ROWS = 512;
    private static final long FALLBACK_NANOS = 1_000_000;
    /** A batch that takes longer than this is in trouble, which need not be the next one's. */
    private static final long LONGEST_WAIT_NANOS = 100_000_000;
    /** Extra time after the deadline to receive the error of the batch. */
    private static final long WORD_NANOS = 10_000_000;

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

    private record Passenger(Matrix x, Deadline deadline, CompletableFuture<Matrix> y) {}

    /** Passengers who travel together, driven by the first of them and as long as he has time. */
    private static final class Batch {
        private final Thread driver = Thread.currentThread();
        private final Deadline deadline;
        private final List<Passenger> passengers = new ArrayList<>();
        private int rows;

        Batch(Deadline deadline) {
            this.deadline = deadline;
        }

        void add(Passenger passenger) {
            passengers.add(passenger);
            rows += passenger.x().rows();
            if (isFull()) {
                LockSupport.unpark(driver);
            }
        }

        boolean isFull() {
            return rows >= FULL_ROWS;
        }
    }

    /** Returns what the pass makes of {@code x}, alone or with others; each of those who travel together has a deadline of his own. */
    @Override
    public Matrix forward(Matrix x, Deadline deadline) {
        if (x.rows() > SMALL_ROWS) {
            return pass.forward(x, deadline);
        }
        Passenger mine = new Passenger(x, deadline, new CompletableFuture<>());
        Batch batch = board(mine);
        if (batch.driver == Thread.currentThread()) {
            drive(batch);
        }
        return arrival(mine);
    }

    private synchronized Batch board(Passenger passenger) {
        Batch batch = filling == null ? new Batch(passenger.deadline()) : filling;
        batch.add(passenger);
        filling = batch;
        return batch;
    }

    /** Takes a batch where it goes; whatever happens, it can no longer be joined then, and everybody in it is told. */
    private void drive(Batch batch) {
        try {
            awaitOthers(batch);
            depart(batch);
            carry(batch);
        } catch (Throwable thrown) {
            depart(batch);
            fail(batch, thrown);
        } finally {
            arrived();
        }
    }

    /** Parks and does not wait on a monitor, which would round the window up to a whole millisecond. */
    private void awaitOthers(Batch batch) {
        long end = System.nanoTime() + Math.min(windowNanos, batch.deadline.nanosLeft());
        while (!Thread.currentThread().isInterrupted()) {
            long left = end - System.nanoTime();
            if (mayDepart(batch, left)) {
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

    private synchronized boolean mayDepart(Batch batch, long windowLeft) {
        return batch.isFull() || (windowLeft <= 0 && underWay == 0);
    }

    private synchronized void depart(Batch batch) {
        if (filling == batch) {
            filling = null;
            underWay++;
        }
    }

    private synchronized void arrived() {
        underWay--;
        if (filling != null) {
            LockSupport.unpark(filling.driver);
        }
    }

    private void carry(Batch batch) {
        batch.passengers.removeIf(passenger -> passenger.y().isDone());
        Matrix results = pass.forward(together(batch.passengers), batch.deadline);
        // The pass has counted one.
        counters.forwards.add(batch.passengers.size() - 1L);
        int row = 0;
        for (Passenger passenger : batch.passengers) {
            int rows = passenger.x().rows();
            passenger.y().complete(results.rowRange(row, row + rows));
            row += rows;
        }
    }

    private static void fail(Batch batch, Throwable thrown) {
        batch.passengers.get(0).y().completeExceptionally(thrown);
        boolean interrupted = Thread.currentThread().isInterrupted();
        boolean mayHaveBeenTime = thrown instanceof ForwardFailedException;
        batch.passengers.forEach(passenger -> {
            // With hardly more time it could only be told the same, or less.
            boolean hasMoreTime = passenger.deadline().nanoTime() - batch.deadline.nanoTime() > LONGEST_WAIT_NANOS;
            if (interrupted || mayHaveBeenTime && hasMoreTime) {
                passenger.y().cancel(false);
            } else {
                passenger.y().completeExceptionally(thrown);
            }
        });
    }

    /** Awaits somebody's rows; who is interrupted, or out of time, leaves the batch. */
    private Matrix arrival(Passenger mine) {
        try {
            return mine.y().get(mine.deadline().nanosLeft() + WORD_NANOS, TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            // Whoever took this one along was interrupted or out of time, which is no reason for this one to fail.
            return pass.forward(mine.x(), mine.deadline());
        } catch (InterruptedException e) {
            mine.y().cancel(false);
            Thread.currentThread().interrupt();
            throw new ForwardFailedException("a forward of few rows: the caller was interrupted", e);
        } catch (TimeoutException e) {
            mine.y().cancel(false);
            throw new ForwardFailedException(
                    "a forward of few rows: those that it travelled with were not answered within its deadline", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // A pass declares no other.
            throw (RuntimeException) e.getCause();
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
