package org.expertgrid.cluster.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.Cut;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.MatrixRole;
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
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/**
 * Requests and replies as bytes, little-endian.
 *
 * <pre>
 *   task    version u8 | request id i64 | time left ms i64 | operation u8
 *           | deployment 2 x i64                                          all operations but 4 and 6
 *           | ranks: count i32, then number i32, partition key i32 each   operations 1, 2, 5 and 9
 *           | layer: expert i32, matrix u8, cut u8                        operations 1 and 2
 *           | rows: type u8, rows i32, columns i32, elements              operations 2 and 5
 *           | routing: experts i32, each: count i32, rows i32, gates f64  operation 5
 *           | abandoned request id i64                                    operation 6
 *   reply   version u8 | request id i64 | statuses: count i32, u8 each | message: length i32, UTF-8
 *           | numbers: count i32, i64 each | result: present u8 [, type u8, rows i32, columns i32, elements]
 * </pre>
 *
 * Whatever a count or a length claims is checked against the bytes that are there before anything is allocated for it; ranks and
 * rows are in ascending order, and nothing is empty but a batch or an expert's rows.
 */
public final class WireFormat {
    static final byte VERSION = 1;

    private static final int HEADER_BYTES = 256;
    /** Version, request id, three counts, and whether there is a result: what every answer has. */
    private static final int ANSWER_BYTES = 1 + Long.BYTES + 3 * Integer.BYTES + 1;

    /** Version, request id, time left, operation, and a deployment: what a task without ranks has at most. */
    private static final int LONGEST_QUESTION_BYTES = 1 + 2 * Long.BYTES + 1 + 2 * Long.BYTES;

    private static final GatedRows NO_ROWS = new GatedRows(new int[0], new double[0]);

    private static final byte INITIALIZE_LAYER = 1;
    private static final byte FORWARD_LAYER = 2;
    private static final byte RELEASE = 3;
    private static final byte DESCRIBE = 4;
    private static final byte FORWARD_EXPERTS = 5;
    private static final byte ABANDON = 6;
    private static final byte RETIRE = 7;
    private static final byte EXAMINE = 8;
    private static final byte PREPARE = 9;

    private WireFormat() {}

    /**
     * A request with what every task carries.
     *
     * @param requestId of the forward it belongs to
     * @param timeLeftMillis how long the caller will wait
     */
    public record Task(long requestId, long timeLeftMillis, WorkerRequest request) {}

    /** A reply with the request id it answers. */
    public record Answer(long requestId, WorkerReply reply) {}

    /**
     * Returns the rows of a request, and their routing, as they travel: the same for every member, so that they are encoded once;
     * empty where a request has none.
     */
    public static byte[] encodeRows(WorkerRequest request) {
        if (request instanceof ForwardLayer forward) {
            ByteBuffer buffer = allocate(matrixBytes(forward.x()));
            putMatrix(buffer, forward.x());
            return buffer.array();
        }
        if (request instanceof ForwardExperts forward) {
            long routing = Integer.BYTES;
            for (GatedRows rows : forward.rows()) {
                routing += Integer.BYTES + (long) rows.count() * (Integer.BYTES + Double.BYTES);
            }
            ByteBuffer buffer = allocate(matrixBytes(forward.x()) + routing);
            putMatrix(buffer, forward.x());
            putRouting(buffer, forward.rows());
            return buffer.array();
        }
        return new byte[0];
    }

    /** Returns everything of a task that comes before its rows. */
    public static byte[] encodeHead(Task task) {
        WorkerRequest request = task.request();
        ByteBuffer buffer = allocate(HEADER_BYTES + request.ranks().size() * 2L * Integer.BYTES);
        buffer.put(VERSION).putLong(task.requestId()).putLong(task.timeLeftMillis());
        if (request instanceof InitializeLayer initialize) {
            putLayer(buffer.put(INITIALIZE_LAYER), initialize.layer(), initialize.ranks());
        } else if (request instanceof ForwardLayer forward) {
            putLayer(buffer.put(FORWARD_LAYER), forward.layer(), forward.ranks());
        } else if (request instanceof ForwardExperts forward) {
            putRanks(buffer.put(FORWARD_EXPERTS), forward.deployment(), forward.ranks());
        } else if (request instanceof Release release) {
            putUuid(buffer.put(RELEASE), release.deployment());
        } else if (request instanceof Retire retire) {
            putUuid(buffer.put(RETIRE), retire.deployment());
        } else if (request instanceof Examine examine) {
            putUuid(buffer.put(EXAMINE), examine.deployment());
        } else if (request instanceof Prepare prepare) {
            putRanks(buffer.put(PREPARE), prepare.deployment(), prepare.ranks());
        } else if (request instanceof Abandon abandon) {
            buffer.put(ABANDON).putLong(abandon.requestId());
        } else {
            buffer.put(DESCRIBE);
        }
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Returns whether a block is more than a question or a word to a member, which always find their way. */
    static boolean needsRoom(byte[] block) {
        return block.length > LONGEST_QUESTION_BYTES;
    }

    public static Task decodeTask(byte[] block) {
        ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        try {
            checkVersion(buffer);
            long requestId = buffer.getLong();
            long timeLeft = buffer.getLong();
            byte operation = buffer.get();
            WorkerRequest request = switch (operation) {
                case INITIALIZE_LAYER -> decodeInitializeLayer(buffer);
                case FORWARD_LAYER -> decodeForwardLayer(buffer);
                case FORWARD_EXPERTS -> decodeForwardExperts(buffer);
                case RELEASE -> new Release(getUuid(buffer));
                case RETIRE -> new Retire(getUuid(buffer));
                case EXAMINE -> new Examine(getUuid(buffer));
                case PREPARE -> new Prepare(getUuid(buffer), getRanks(buffer));
                case DESCRIBE -> new Describe();
                case ABANDON -> new Abandon(buffer.getLong());
                default -> throw new MalformedMessageException("operation: " + operation + " (expected: 1 to 9)");
            };
            checkEnd(buffer);
            return new Task(requestId, timeLeft, request);
        } catch (BufferUnderflowException e) {
            throw truncated(block);
        }
    }

    private static WorkerRequest decodeInitializeLayer(ByteBuffer buffer) {
        UUID deployment = getUuid(buffer);
        List<Rank> ranks = getRanks(buffer);
        return new InitializeLayer(getLayer(buffer, deployment), ranks);
    }

    private static WorkerRequest decodeForwardLayer(ByteBuffer buffer) {
        UUID deployment = getUuid(buffer);
        List<Rank> ranks = getRanks(buffer);
        return new ForwardLayer(getLayer(buffer, deployment), ranks, getMatrix(buffer));
    }

    private static WorkerRequest decodeForwardExperts(ByteBuffer buffer) {
        UUID deployment = getUuid(buffer);
        List<Rank> ranks = getRanks(buffer);
        Matrix x = getMatrix(buffer);
        return new ForwardExperts(deployment, ranks, x, getRouting(buffer, x.rows()));
    }

    public static byte[] encodeAnswer(Answer answer) {
        WorkerReply reply = answer.reply();
        Matrix result = reply.result() == null ? null : reply.result().matrix();
        byte[] message = reply.message().getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = allocate(ANSWER_BYTES
                + reply.statuses().size()
                + message.length
                + (long) reply.numbers().size() * Long.BYTES
                + matrixBytes(result));
        buffer.put(VERSION).putLong(answer.requestId()).putInt(reply.statuses().size());
        reply.statuses().forEach(status -> buffer.put((byte) status.ordinal()));
        buffer.putInt(message.length).put(message).putInt(reply.numbers().size());
        reply.numbers().forEach(buffer::putLong);
        buffer.put((byte) (result == null ? 0 : 1));
        if (result != null) {
            putMatrix(buffer, result);
        }
        return buffer.array();
    }

    public static Answer decodeAnswer(byte[] block) {
        ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        try {
            checkVersion(buffer);
            long requestId = buffer.getLong();
            int count = getCount(buffer, 1);
            List<RankStatus> statuses = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                statuses.add(RankStatus.of(buffer.get()));
            }
            byte[] message = new byte[getCount(buffer, 1)];
            buffer.get(message);
            int numberCount = getCount(buffer, Long.BYTES);
            List<Long> numbers = new ArrayList<>(numberCount);
            for (int i = 0; i < numberCount; i++) {
                numbers.add(buffer.getLong());
            }
            ResultRows result = buffer.get() == 0 ? null : getResult(buffer);
            checkEnd(buffer);
            String text = new String(message, StandardCharsets.UTF_8);
            return new Answer(requestId, new WorkerReply(statuses, text, numbers, result));
        } catch (BufferUnderflowException e) {
            throw truncated(block);
        }
    }

    private static ByteBuffer allocate(long bytes) {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("message: " + bytes + " bytes (expected: at most "
                    + (Integer.MAX_VALUE - 8) + ", what one array holds; forward fewer rows at once)");
        }
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void putLayer(ByteBuffer buffer, LayerId layer, List<Rank> ranks) {
        putRanks(buffer, layer.deployment(), ranks);
        buffer.putInt(layer.expert()).put((byte) layer.matrix().ordinal());
        buffer.put((byte) layer.cut().ordinal());
    }

    private static void putRanks(ByteBuffer buffer, UUID deployment, List<Rank> ranks) {
        putUuid(buffer, deployment);
        buffer.putInt(ranks.size());
        ranks.forEach(rank -> buffer.putInt(rank.number()).putInt(rank.partitionKey()));
    }

    private static void putRouting(ByteBuffer buffer, List<GatedRows> experts) {
        buffer.putInt(experts.size());
        for (GatedRows gated : experts) {
            buffer.putInt(gated.count());
            buffer.asIntBuffer().put(gated.rows());
            buffer.position(buffer.position() + gated.count() * Integer.BYTES);
            buffer.asDoubleBuffer().put(gated.gates());
            buffer.position(buffer.position() + gated.count() * Double.BYTES);
        }
    }

    private static List<GatedRows> getRouting(ByteBuffer buffer, int rowsOfX) {
        int experts = notEmpty("experts", getCount(buffer, Integer.BYTES));
        List<GatedRows> routing = new ArrayList<>(experts);
        for (int e = 0; e < experts; e++) {
            int count = getCount(buffer, Integer.BYTES + Double.BYTES);
            if (count == 0) {
                routing.add(NO_ROWS);
                continue;
            }
            int[] rows = new int[count];
            buffer.asIntBuffer().get(rows);
            buffer.position(buffer.position() + count * Integer.BYTES);
            double[] gates = new double[count];
            buffer.asDoubleBuffer().get(gates);
            buffer.position(buffer.position() + count * Double.BYTES);
            routing.add(gatedRows(rows, gates));
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

    private static List<Rank> getRanks(ByteBuffer buffer) {
        int count = notEmpty("ranks", getCount(buffer, 2 * Integer.BYTES));
        List<Rank> ranks = new ArrayList<>(count);
        int below = -1;
        for (int i = 0; i < count; i++) {
            int number = buffer.getInt();
            if (number <= below) {
                throw new MalformedMessageException("rank: " + number + " (expected: above " + below + ")");
            }
            ranks.add(new Rank(number, buffer.getInt()));
            below = number;
        }
        return List.copyOf(ranks);
    }

    private static LayerId getLayer(ByteBuffer buffer, UUID deployment) {
        int expert = buffer.getInt();
        if (expert < 0) {
            throw new MalformedMessageException("expert: " + expert + " (expected: at least 0)");
        }
        MatrixRole matrix = MatrixRole.of(buffer.get());
        return new LayerId(deployment, expert, matrix, Cut.of(buffer.get()));
    }

    private static void putUuid(ByteBuffer buffer, UUID uuid) {
        buffer.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    }

    private static UUID getUuid(ByteBuffer buffer) {
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static long matrixBytes(Matrix matrix) {
        return matrix == null ? 0 : 1 + 2 * Integer.BYTES + matrix.bytes();
    }

    private static void putMatrix(ByteBuffer buffer, Matrix matrix) {
        buffer.put((byte) matrix.elementType().ordinal());
        buffer.putInt(matrix.rows()).putInt(matrix.columns());
        matrix.putInto(buffer);
    }

    private static Matrix getMatrix(ByteBuffer buffer) {
        ElementType type = getType(buffer);
        int rows = buffer.getInt();
        // Rows of no width would take no bytes, and there could be any number of them.
        int columns = notEmpty("columns", buffer.getInt());
        try {
            return Matrix.getFrom(buffer, type, rows, columns);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage());
        }
    }

    /** Leaves the elements where they are: they are added to others, or copied, straight from there. */
    private static ResultRows getResult(ByteBuffer buffer) {
        ElementType type = getType(buffer);
        int rows = buffer.getInt();
        int columns = buffer.getInt();
        ByteBuffer elements = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (rows < 0 || columns < 0 || (long) rows * columns * type.bytes() != elements.remaining()) {
            throw new MalformedMessageException("result: " + rows + " x " + columns + " in " + elements.remaining()
                    + " bytes (expected: as many elements as there are bytes for)");
        }
        buffer.position(buffer.limit());
        return new ResultRows(type, rows, columns, null, elements);
    }

    private static ElementType getType(ByteBuffer buffer) {
        byte type = buffer.get();
        if (type != 0 && type != 1) {
            throw new MalformedMessageException("element type: " + type + " (expected: 0 or 1)");
        }
        return type == 0 ? ElementType.FLOAT64 : ElementType.FLOAT32;
    }

    private static int getCount(ByteBuffer buffer, int bytesEach) {
        int count = buffer.getInt();
        if (count < 0 || (long) count * bytesEach > buffer.remaining()) {
            throw new MalformedMessageException("count: " + count + " (expected: 0 to " + buffer.remaining() / bytesEach
                    + ", what the remaining bytes hold)");
        }
        return count;
    }

    private static int notEmpty(String name, int count) {
        if (count == 0) {
            throw new MalformedMessageException(name + ": 0 (expected: at least 1)");
        }
        return count;
    }

    private static void checkVersion(ByteBuffer buffer) {
        byte version = buffer.get();
        if (version != VERSION) {
            throw new MalformedMessageException("protocol version: " + version + " (expected: " + VERSION
                    + "; all members and clients need the same version of Expertgrid)");
        }
    }

    private static void checkEnd(ByteBuffer buffer) {
        if (buffer.hasRemaining()) {
            throw new MalformedMessageException(
                    "message: " + buffer.remaining() + " bytes behind its end (expected: none)");
        }
    }

    private static MalformedMessageException truncated(byte[] block) {
        return new MalformedMessageException("message: ends after " + block.length + " bytes (expected: more)");
    }
}
