package org.expertgrid.cluster.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.kernels.Matrix;

/**
 * Sends batches to the members in pieces: what arrives there is allocated at once, and no batch may be larger than a member. Several
 * pieces are on their way as far as the budget of bytes allows, so that one is computed while the next is sent and the one before
 * comes back:
 *
 * <pre>
 *   caller   route, encode 1 | route, encode 2 |  own 1  |  own 2  | add 1 | add 2
 *   member                   |    decode 1     | compute 1 | compute 2, answer 1 | answer 2
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
public final class PipelinedBatches {
    /** A piece has at most this many bytes of rows, or of one of their results where those are wider, ... */
    private static final long LARGEST_PIECE_BYTES = 4 << 20;
    /** ... or where members have little room this share of it, ... */
    private static final int PIECE_SHARE_OF_ROOM = 16;
    /** ... but never fewer rows than this, below which a product gets slower by the row. */
    private static final int PIECE_ROWS = 128;
    /** Enough that computing, sending and receiving overlap; more would only fill the members' waiting rooms. */
    private static final int PIECES_UNDER_WAY = 8;

    private final String model;
    private final long pieceBytes;
    private final ByteBudget budget;

    /**
     * Takes bounds.
     *
     * @param bytesOnTheirWay how many bytes all batches may have on their way, at most
     * @param room how many bytes the members have room for
     */
    public PipelinedBatches(String model, long bytesOnTheirWay, long room) {
        this.model = model;
        this.pieceBytes = Math.max(1, Math.min(LARGEST_PIECE_BYTES, room / PIECE_SHARE_OF_ROOM));
        this.budget = new ByteBudget(Math.min(bytesOnTheirWay, room));
    }

    /** Sends some of a batch's rows on their way. */
    public interface Sender {
        /**
         * Returns the tasks, and who takes what they answer.
         *
         * @param fromRow where the rows begin in the batch
         */
        Sent send(int fromRow, Matrix rows);
    }

    /** Tasks on their way, and who takes the parts that are answered, on the caller's thread and in the order of the pieces. */
    public record Sent(Dispatch dispatch, Consumer<List<Part>> taker) {}

    private record Piece(Sent sent, long bytes) {}

    /**
     * Has all rows of a batch sent and what is answered taken.
     *
     * @param outputs how wide a result is
     * @param results how many as wide are on their way for each row
     */
    public void send(Matrix x, int outputs, int results, Deadline deadline, Sender sender) {
        int step = pieceRows(x, outputs);
        long rowBytes =
                (x.columns() + (long) outputs * results) * x.elementType().bytes();
        // Taken for the whole batch: batches that took turns by pieces would all end late.
        long share = Math.min(budget.total(), Math.min(x.rows(), (long) PIECES_UNDER_WAY * step) * rowBytes);
        reserve(share, deadline);
        Deque<Piece> underWay = new ArrayDeque<>();
        try {
            for (int row = 0; row < x.rows(); row += step) {
                int to = Math.min(row + step, x.rows());
                long bytes = (to - row) * rowBytes;
                while (!underWay.isEmpty() && bytes(underWay) + bytes > share) {
                    finish(underWay);
                }
                Matrix rows = to - row == x.rows() ? x : x.rowRange(row, to);
                underWay.add(new Piece(sender.send(row, rows), bytes));
            }
            while (!underWay.isEmpty()) {
                finish(underWay);
            }
        } finally {
            underWay.forEach(piece -> piece.sent().dispatch().abandon());
            budget.release(share);
        }
    }

    private static long bytes(Deque<Piece> pieces) {
        return pieces.stream().mapToLong(Piece::bytes).sum();
    }

    private int pieceRows(Matrix x, int outputs) {
        long rowBytes = (long) Math.max(x.columns(), outputs) * x.elementType().bytes();
        long pieces = Math.max(1, (x.rows() * rowBytes + pieceBytes - 1) / pieceBytes);
        return (int) Math.max(PIECE_ROWS, (x.rows() + pieces - 1) / pieces);
    }

    private void reserve(long bytes, Deadline deadline) {
        try {
            if (!budget.acquire(bytes, deadline)) {
                throw new OverloadedException(
                        "model '" + model + "': other forwards of this handle had " + budget.total()
                                + " bytes on their way until the deadline (expected: fewer at once, or more time)",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ForwardFailedException("model '" + model + "': the caller was interrupted", e);
        }
    }

    private static void finish(Deque<Piece> underWay) {
        Sent sent = underWay.peek().sent();
        sent.taker().accept(sent.dispatch().finish());
        underWay.remove();
    }
}
