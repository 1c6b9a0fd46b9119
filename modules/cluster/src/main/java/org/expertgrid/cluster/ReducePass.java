package org.expertgrid.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.expertgrid.cluster.Dispatcher.Part;
import org.expertgrid.cluster.WorkerRequest.ForwardExperts;
import org.expertgrid.experts.ExpertgridException;
import org.expertgrid.experts.Router;
import org.expertgrid.experts.Routing;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * One round trip: every member takes the rows through its slices of all experts, and the shares that come back are added in the
 * order of the ranks.
 *
 * <p>A large batch goes in pieces, all of them on their way as far as the budget of bytes allows, so that one piece is computed
 * while the next is sent and the one before comes back:
 *
 * <pre>
 *   caller   route, encode 1 | route, encode 2 |  own 1  |  own 2  | add 1 | add 2
 *   member                   |    decode 1     | compute 1 | compute 2, answer 1 | answer 2
 * </pre>
 */
final class ReducePass implements ForwardPass {
    /** A piece has at most this many bytes of rows, ... */
    private static final long PIECE_BYTES = 4 << 20;
    /** ... but never fewer rows than this, below which a product gets slower by the row. */
    private static final int PIECE_ROWS = 128;
    /** Enough that computing, sending and receiving overlap; more would only fill the members' waiting rooms. */
    private static final int PIECES_UNDER_WAY = 8;

    private final DeployedModel model;
    private final Router router;

    ReducePass(DeployedModel model, Router router) {
        this.model = model;
        this.router = router;
    }

    /** Some of the rows, under way. */
    private record Piece(int fromRow, int toRow, Routing routing, long bytes, Dispatch dispatch) {}

    @Override
    public Matrix forward(Matrix x, Deadline deadline) {
        int outputs = model.definition().shape().outputDim();
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), outputs);
        int step = pieceRows(x);
        // Every member is sent the same encoded rows, and answers a result of its own.
        long rowBytes = (x.columns() + (long) outputs * model.membersAsked())
                * x.elementType().bytes();
        Deque<Piece> underWay = new ArrayDeque<>();
        try {
            for (int row = 0; row < x.rows(); row += step) {
                int to = Math.min(row + step, x.rows());
                long bytes = (to - row) * rowBytes;
                reserve(bytes, underWay, y, deadline);
                underWay.add(start(x, row, to, bytes, deadline));
            }
            while (!underWay.isEmpty()) {
                finish(underWay, y);
            }
            model.counters().forwards.increment();
            return y.toMatrix();
        } finally {
            underWay.forEach(piece -> {
                piece.dispatch().abandon();
                model.budget().release(piece.bytes());
            });
        }
    }

    private static int pieceRows(Matrix x) {
        long rowBytes = (long) x.columns() * x.elementType().bytes();
        long pieces = Math.max(1, (x.rows() * rowBytes + PIECE_BYTES - 1) / PIECE_BYTES);
        return (int) Math.max(PIECE_ROWS, (x.rows() + pieces - 1) / pieces);
    }

    /** Takes a piece's bytes. While earlier pieces hold theirs nobody else is waited for, or two forwards might wait for each other. */
    private void reserve(long bytes, Deque<Piece> underWay, MatrixBuffer y, Deadline deadline) {
        while (!underWay.isEmpty()) {
            if (underWay.size() < PIECES_UNDER_WAY && model.budget().acquireNow(bytes)) {
                return;
            }
            finish(underWay, y);
        }
        model.reserve(bytes, deadline);
    }

    private Piece start(Matrix x, int from, int to, long bytes, Deadline deadline) {
        try {
            Matrix rows = from == 0 && to == x.rows() ? x : x.rowRange(from, to);
            Routing routing = model.route(router, rows);
            Dispatch dispatch = model.dispatcher()
                    .start(
                            (deployment, ranks) -> new ForwardExperts(deployment, ranks, rows, routing.byExpert()),
                            deadline);
            return new Piece(from, to, routing, bytes, dispatch);
        } catch (RuntimeException | Error e) {
            model.budget().release(bytes);
            throw e;
        }
    }

    private void finish(Deque<Piece> underWay, MatrixBuffer y) {
        Piece piece = underWay.peek();
        List<Part> parts = piece.dispatch().finish();
        long start = System.nanoTime();
        boolean first = true;
        for (Part part : parts) {
            ResultRows share = part.reply().result();
            check(share, piece, part, y.columns());
            if (first) {
                share.copyTo(y, piece.fromRow());
            } else {
                share.addTo(y, piece.fromRow());
            }
            first = false;
        }
        ForwardCounters.since(start, model.counters().combiningNanos);
        model.counters().answered(piece.routing());
        underWay.remove();
        model.budget().release(piece.bytes());
    }

    private void check(ResultRows share, Piece piece, Part part, int outputs) {
        int rows = piece.toRow() - piece.fromRow();
        boolean fits = share != null
                && share.rows() == rows
                && share.columns() == outputs
                && share.elementType() == model.definition().elementType();
        if (!fits) {
            throw new ExpertgridException("model '" + model.name() + "', " + part.ranks() + ": answered " + share
                    + " (expected: " + rows + " x " + outputs + ")");
        }
    }
}
