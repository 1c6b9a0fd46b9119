package org.expertgrid.cluster.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.Codes;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.wire.WorkerRequest.Abandon;
import org.expertgrid.cluster.wire.WorkerRequest.Describe;
import org.expertgrid.cluster.wire.WorkerRequest.Examine;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardExperts;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardLayer;
import org.expertgrid.cluster.wire.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.wire.WorkerRequest.Prepare;
import org.expertgrid.cluster.wire.WorkerRequest.Release;
import org.expertgrid.cluster.wire.WorkerRequest.Retire;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/**
 * Requests as bytes.
 *
 * <pre>
 *   task    version u8 | request id i64 | time left ms i64 | operation u8
 *           | deployment 2 x i64                                          all operations but 4, 6 and 8
 *           | ranks: count i32, then number i32, partition key i32 each   operations 1, 2, 5 and 9
 *           | layer: expert i32, matrix u8, cut u8                        operations 1 and 2
 *           | rows: type u8, rows i32, columns i32, elements              operations 2 and 5
 *           | routing: experts i32, each: count i32, rows i32, gates f64  operation 5
 *           | abandoned request id i64                                    operation 6
 * </pre>
 *
 * Ranks and rows are in ascending order. Nothing is empty but a batch or an expert's rows.
 */
public final class TaskCodec {
    private static final int HEADER_BYTES = 256;

    /** Version, request id, time left, operation and a deployment: the most that a task without ranks has. */
    private static final int LONGEST_QUESTION_BYTES = 1 + 2 * Long.BYTES + 1 + 2 * Long.BYTES;

    private static final GatedRows NO_ROWS = new GatedRows(new int[0], new double[0]);

    private static final List<Operation<?>> OPERATIONS = List.of(
            new Operation<>(
                    1,
                    InitializeLayer.class,
                    (head, request) -> putLayer(head, request.layer(), request.ranks()),
                    message -> readLayer(message, InitializeLayer::new)),
            new Operation<>(
                    2,
                    ForwardLayer.class,
                    (head, request) -> putLayer(head, request.layer(), request.ranks()),
                    message ->
                            readLayer(message, (layer, ranks) -> new ForwardLayer(layer, ranks, message.getMatrix()))),
            new Operation<>(
                    3,
                    Release.class,
                    (head, request) -> head.putUuid(request.deployment()),
                    message -> new Release(message.getUuid())),
            new Operation<>(4, Describe.class, (head, request) -> {}, message -> new Describe()),
            new Operation<>(
                    5,
                    ForwardExperts.class,
                    (head, request) -> putRanks(head, request.deployment(), request.ranks()),
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
            new Operation<>(
                    9,
                    Prepare.class,
                    (head, request) -> putRanks(head, request.deployment(), request.ranks()),
                    message -> new Prepare(message.getUuid(), getRanks(message))));

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

    /** Makes a request for ranks of a layer. */
    private interface OfLayer<R> {
        R of(LayerId layer, List<Rank> ranks);
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
            for (GatedRows rows : forward.rows()) {
                routing += Integer.BYTES + (long) rows.count() * (Integer.BYTES + Double.BYTES);
            }
            MessageBuffer message = MessageBuffer.withRoom(MessageBuffer.bytesOf(forward.x()) + routing);
            message.putMatrix(forward.x()).putInt(forward.rows().size());
            forward.rows()
                    .forEach(rows ->
                            message.putInt(rows.count()).putInts(rows.rows()).putDoubles(rows.gates()));
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
                .orElseThrow(() -> new MalformedMessageException(
                        "operation: " + code + " (expected: 1 to " + OPERATIONS.size() + ")"));
    }

    private static void putLayer(MessageBuffer head, LayerId layer, List<Rank> ranks) {
        putRanks(head, layer.deployment(), ranks);
        head.putInt(layer.expert()).putByte(Codes.MATRICES.of(layer.matrix())).putByte(Codes.CUTS.of(layer.cut()));
    }

    private static void putRanks(MessageBuffer head, UUID deployment, List<Rank> ranks) {
        head.putUuid(deployment).putInt(ranks.size());
        ranks.forEach(rank -> head.putInt(rank.number()).putInt(rank.partitionKey()));
    }

    private static <R> R readLayer(MessageBuffer message, OfLayer<R> request) {
        UUID deployment = message.getUuid();
        List<Rank> ranks = getRanks(message);
        int expert = message.getInt();
        if (expert < 0) {
            throw new MalformedMessageException("expert: " + expert + " (expected: at least 0)");
        }
        LayerId layer = new LayerId(
                deployment, expert, Codes.MATRICES.constant(message.getByte()), Codes.CUTS.constant(message.getByte()));
        return request.of(layer, ranks);
    }

    private static ForwardExperts readForwardExperts(MessageBuffer message) {
        UUID deployment = message.getUuid();
        List<Rank> ranks = getRanks(message);
        Matrix x = message.getMatrix();
        return new ForwardExperts(deployment, ranks, x, getRouting(message, x.rows()));
    }

    private static List<GatedRows> getRouting(MessageBuffer message, int rowsOfX) {
        int experts = MessageBuffer.notEmpty("experts", message.getCount(Integer.BYTES));
        List<GatedRows> routing = new ArrayList<>(experts);
        for (int e = 0; e < experts; e++) {
            int count = message.getCount(Integer.BYTES + Double.BYTES);
            if (count == 0) {
                routing.add(NO_ROWS);
                continue;
            }
            int[] rows = message.getInts(count);
            routing.add(gatedRows(rows, message.getDoubles(count)));
            if (rows[count - 1] >= rowsOfX) {
                throw new MalformedMessageException(
                        "row of expert " + e + ": " + rows[count - 1] + " (expected: below " + rowsOfX + ")");
            }
        }
        return routing;
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
