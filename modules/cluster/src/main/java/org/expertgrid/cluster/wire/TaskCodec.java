package org.expertgrid.cluster.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.Codes;
import org.expertgrid.cluster.layout.ExpertRange;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.Rank;
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
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/**
 * Requests as bytes.
 *
 * <pre>
 *   task    version u8 | request id i64 | time left ms i64 | operation u8
 *           | deployment 2 x i64                                          all operations but 4, 6, 8, 10, 11 and 13
 *           | layer i32 | ranks: count i32, then number i32, partition key i32 each   operations 1, 2 and 5
 *           | first expert i32, end i32                                 operation 1
 *           | expert i32                                                operation 2
 *           | matrix u8                                                 operation 2
 *           | rows: type u8, rows i32, columns i32, elements            operations 2 and 5
 *           | experts: count i32, each: expert i32, count i32, rows i32, gates f64   operation 5
 *           | bytes i64                                                 operation 10
 *           | request id i64                                            operations 6 and 11
 * </pre>
 *
 * Ranks, experts and rows are in ascending order. Nothing is empty but a batch and its experts.
 */
public final class TaskCodec {
    private static final int HEADER_BYTES = 256;

    /** Version, request id, time left, operation and a deployment: the most that a task without ranks has. */
    private static final int LONGEST_QUESTION_BYTES = 1 + 2 * Long.BYTES + 1 + 2 * Long.BYTES;

    private static final int LEAST_EXPERT_BYTES = 2 * Integer.BYTES;
    private static final Codes<MatrixRole> MATRICES = Codes.of("matrix", MatrixRole.values(), MatrixRole::code);

    private static final List<Operation<?>> OPERATIONS = List.of(
            new Operation<>(
                    1,
                    InitializeLayer.class,
                    (head, request) -> {
                        putRanks(head, request.deployment(), request.layer(), request.ranks());
                        head.putInt(request.experts().first())
                                .putInt(request.experts().end());
                    },
                    TaskCodec::readInitializeLayer),
            new Operation<>(
                    2,
                    ForwardLayer.class,
                    (head, request) -> {
                        MatrixId matrix = request.matrix();
                        putRanks(head, matrix.deployment(), matrix.layer(), request.ranks());
                        head.putInt(matrix.expert()).putByte(matrix.matrix().code());
                    },
                    TaskCodec::readForwardLayer),
            new Operation<>(
                    3,
                    Release.class,
                    (head, request) -> head.putUuid(request.deployment()),
                    message -> new Release(message.getUuid())),
            new Operation<>(4, Describe.class, (head, request) -> {}, message -> new Describe()),
            new Operation<>(
                    5,
                    ForwardExperts.class,
                    (head, request) -> putRanks(head, request.deployment(), request.layer(), request.ranks()),
                    TaskCodec::readForwardExperts),
            new Operation<>(
                    6,
                    Abandon.class,
                    (head, request) -> head.putLong(request.requestId()),
                    message -> new Abandon(message.getLong())),
            new Operation<>(
                    7,
                    Retire.class,
                    (head, request) -> head.putUuid(request.deployment()),
                    message -> new Retire(message.getUuid())),
            new Operation<>(8, Examine.class, (head, request) -> {}, message -> new Examine()),
            // 9 was an operation of an earlier version.
            new Operation<>(
                    10,
                    AskRoom.class,
                    (head, request) -> head.putLong(request.bytes()),
                    message -> new AskRoom(message.getLong())),
            new Operation<>(
                    11,
                    AskTurn.class,
                    (head, request) -> head.putLong(request.requestId()),
                    message -> new AskTurn(message.getLong())),
            new Operation<>(
                    12,
                    AskHeld.class,
                    (head, request) -> head.putUuid(request.deployment()),
                    message -> new AskHeld(message.getUuid())),
            new Operation<>(13, AskState.class, (head, request) -> {}, message -> new AskState()));

    private TaskCodec() {}

    /**
     * A request with what every task carries.
     *
     * @param requestId the id of the forward that it belongs to
     * @param timeLeftMillis how long the caller will wait
     */
    public record Task(long requestId, long timeLeftMillis, WorkerRequest request) {}

    /**
     * One kind of request.
     *
     * @param code its number on the wire, which never changes
     * @param type the class of its requests
     * @param head puts a request but for its rows and routing
     * @param request reads a request with its rows and routing
     */
    private record Operation<R extends WorkerRequest>(
            int code, Class<R> type, BiConsumer<MessageBuffer, R> head, Function<MessageBuffer, R> request) {
        void put(MessageBuffer message, WorkerRequest request) {
            head.accept(message.putByte(code), type.cast(request));
        }
    }

    /**
     * Returns the rows of a request, and their routing, as bytes; empty for a request without rows. They are the same for every
     * member, so a caller encodes them once.
     */
    public static byte[] encodeRows(WorkerRequest request) {
        if (request instanceof ForwardLayer forward) {
            return MessageBuffer.withRoom(MessageBuffer.bytesOf(forward.x()))
                    .putMatrix(forward.x())
                    .toArray();
        }
        if (request instanceof ForwardExperts forward) {
            long routing = Integer.BYTES;
            for (RowsOfExpert one : forward.rows()) {
                routing += LEAST_EXPERT_BYTES + (long) one.rows().count() * (Integer.BYTES + Double.BYTES);
            }
            MessageBuffer message = MessageBuffer.withRoom(MessageBuffer.bytesOf(forward.x()) + routing);
            message.putMatrix(forward.x()).putInt(forward.rows().size());
            for (RowsOfExpert one : forward.rows()) {
                GatedRows rows = one.rows();
                message.putInt(one.expert())
                        .putInt(rows.count())
                        .putInts(rows.rows())
                        .putDoubles(rows.gates());
            }
            return message.toArray();
        }
        return new byte[0];
    }

    /** Returns the part of a task that comes before its rows. */
    public static byte[] encodeHead(Task task) {
        MessageBuffer head = MessageBuffer.withRoom(HEADER_BYTES)
                .putByte(Protocol.VERSION)
                .putLong(task.requestId())
                .putLong(task.timeLeftMillis());
        operation(task.request().getClass()).put(head, task.request());
        return head.toArray();
    }

    /** Returns whether a block carries more than a question to a member; questions are always admitted. */
    static boolean needsRoom(byte[] block) {
        return block.length > LONGEST_QUESTION_BYTES;
    }

    /**
     * Returns the task that a head and its rows encode.
     *
     * @throws MalformedMessageException if the bytes are no task of this version
     */
    public static Task decode(byte[] block) {
        MessageBuffer message = MessageBuffer.of(block);
        Protocol.check(message);
        long requestId = message.getLong();
        long timeLeft = message.getLong();
        WorkerRequest request = operation(message.getByte()).request().apply(message);
        message.checkEnd();
        return new Task(requestId, timeLeft, request);
    }

    /** Returns whether requests of a class can be sent. */
    static boolean knows(Class<? extends WorkerRequest> type) {
        return OPERATIONS.stream().anyMatch(operation -> operation.type() == type);
    }

    private static Operation<?> operation(Class<? extends WorkerRequest> type) {
        return OPERATIONS.stream()
                .filter(operation -> operation.type() == type)
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no operation"));
    }

    private static Operation<?> operation(int code) {
        return OPERATIONS.stream()
                .filter(operation -> operation.code() == code)
                .findFirst()
                .orElseThrow(() -> new MalformedMessageException("operation: " + code + " (expected: one of "
                        + OPERATIONS.stream().map(Operation::code).toList() + ")"));
    }

    private static void putRanks(MessageBuffer head, UUID deployment, int layer, List<Rank> ranks) {
        head.putUuid(deployment).putInt(layer).putInt(ranks.size());
        ranks.forEach(rank -> head.putInt(rank.number()).putInt(rank.partitionKey()));
    }

    private static InitializeLayer readInitializeLayer(MessageBuffer message) {
        UUID deployment = message.getUuid();
        int layer = message.getInt();
        List<Rank> ranks = getRanks(message);
        return new InitializeLayer(deployment, layer, getExperts(message), ranks);
    }

    private static ExpertRange getExperts(MessageBuffer message) {
        int first = getExpert(message);
        int end = message.getInt();
        if (end <= first) {
            throw new MalformedMessageException("end of the experts: " + end + " (expected: above " + first + ")");
        }
        return new ExpertRange(first, end);
    }

    private static ForwardLayer readForwardLayer(MessageBuffer message) {
        UUID deployment = message.getUuid();
        int layer = message.getInt();
        List<Rank> ranks = getRanks(message);
        MatrixId matrix = new MatrixId(deployment, layer, getExpert(message), MATRICES.constant(message.getByte()));
        return new ForwardLayer(matrix, ranks, message.getMatrix());
    }

    private static int getExpert(MessageBuffer message) {
        int expert = message.getInt();
        if (expert < 0) {
            throw new MalformedMessageException("expert: " + expert + " (expected: at least 0)");
        }
        return expert;
    }

    private static ForwardExperts readForwardExperts(MessageBuffer message) {
        UUID deployment = message.getUuid();
        int layer = message.getInt();
        List<Rank> ranks = getRanks(message);
        Matrix x = message.getMatrix();
        return new ForwardExperts(deployment, layer, ranks, x, getRouting(message, x.rows()));
    }

    private static List<RowsOfExpert> getRouting(MessageBuffer message, int rowsOfX) {
        List<RowsOfExpert> routing =
                message.getList(LEAST_EXPERT_BYTES, one -> new RowsOfExpert(getExpert(one), getRows(one, rowsOfX)));
        for (int i = 1; i < routing.size(); i++) {
            if (routing.get(i).expert() <= routing.get(i - 1).expert()) {
                throw new MalformedMessageException("expert: " + routing.get(i).expert() + " (expected: above "
                        + routing.get(i - 1).expert() + ")");
            }
        }
        return routing;
    }

    private static GatedRows getRows(MessageBuffer message, int rowsOfX) {
        int count = MessageBuffer.notEmpty("rows of an expert", message.getCount(Integer.BYTES + Double.BYTES));
        int[] rows = message.getInts(count);
        GatedRows gated = gatedRows(rows, message.getDoubles(count));
        if (rows[count - 1] >= rowsOfX) {
            throw new MalformedMessageException(
                    "row of an expert: " + rows[count - 1] + " (expected: below " + rowsOfX + ")");
        }
        return gated;
    }

    private static GatedRows gatedRows(int[] rows, double[] gates) {
        try {
            return new GatedRows(rows, gates);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage());
        }
    }

    private static List<Rank> getRanks(MessageBuffer message) {
        int count = MessageBuffer.notEmpty("ranks", message.getCount(2 * Integer.BYTES));
        List<Rank> ranks = new ArrayList<>(count);
        int below = -1;
        for (int i = 0; i < count; i++) {
            int number = message.getInt();
            if (number <= below) {
                throw new MalformedMessageException("rank: " + number + " (expected: above " + below + ")");
            }
            ranks.add(new Rank(number, message.getInt()));
            below = number;
        }
        return List.copyOf(ranks);
    }
}
