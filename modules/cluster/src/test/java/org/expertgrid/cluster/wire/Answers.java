package org.expertgrid.cluster.wire;

/** Answers of members, for tests that give them in place of members. */
public final class Answers {
    private Answers() {}

    /** Returns the answer with that reply. */
    public static WorkerAnswer of(WorkerReply reply) {
        return new WorkerAnswer(ReplyCodec.encode(new ReplyCodec.Answer(0, reply)));
    }
}
