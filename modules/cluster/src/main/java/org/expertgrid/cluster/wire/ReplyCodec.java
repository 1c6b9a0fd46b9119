package org.expertgrid.cluster.wire;

import java.util.List;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.kernels.Matrix;

/**
 * Replies as bytes.
 *
 * <pre>
 *   reply   version u8 | request id i64 | statuses: count i32, u8 each | message: length i32, UTF-8
 *           | report: kind u8 [, its content] | result: present u8 [, type u8, rows i32, columns i32, elements]
 * </pre>
 */
public final class ReplyCodec {
    private static final int HEAD_BYTES = 64;

    private ReplyCodec() {}

    /** A reply with the request id that it answers. */
    public record Answer(long requestId, WorkerReply reply) {}

    public static byte[] encode(Answer answer) {
        WorkerReply reply = answer.reply();
        Matrix result = reply.result() == null ? null : reply.result().matrix();
        byte[] head = head(answer);
        if (result == null) {
            return head;
        }
        return MessageBuffer.withRoom(head.length + MessageBuffer.bytesOf(result))
                .putBytes(head)
                .putMatrix(result)
                .toArray();
    }

    private static byte[] head(Answer answer) {
        WorkerReply reply = answer.reply();
        MessageBuffer head = MessageBuffer.withRoom(HEAD_BYTES)
                .putByte(Protocol.VERSION)
                .putLong(answer.requestId())
                .putInt(reply.statuses().size());
        reply.statuses().forEach(status -> head.putByte(RankStatus.CODES.of(status)));
        head.putText(reply.message());
        Report.put(head, reply.report());
        return head.putBoolean(reply.result() != null).toArray();
    }

    /**
     * Returns the reply that a block encodes.
     *
     * @throws MalformedMessageException if the bytes are no reply of this version
     */
    public static Answer decode(byte[] block) {
        MessageBuffer message = MessageBuffer.of(block);
        Protocol.check(message);
        long requestId = message.getLong();
        List<RankStatus> statuses = message.getList(1, one -> RankStatus.CODES.constant(one.getByte()));
        String text = message.getText();
        Report report = Report.get(message);
        ResultRows result = message.getBoolean() ? message.getResult() : null;
        message.checkEnd();
        return new Answer(requestId, new WorkerReply(statuses, text, report, result));
    }
}
