package org.expertgrid.cluster.wire;

import java.util.List;
import org.expertgrid.cluster.errors.MalformedMessageException;

/** A member's answer to a question, beside the status of each rank. Every report encodes and decodes itself. */
public sealed interface Report
        permits Report.Widths,
                Report.Asked,
                Report.Room,
                Report.Turn,
                Report.Held,
                Report.State,
                MemberReport,
                RanksReport {
    /** Puts the content of the report. */
    void putInto(MessageBuffer message);

    /** Returns the number of this kind of report on the wire, which never changes; 0 stands for no report. */
    int kind();

    /**
     * The widths of the slices that were initialized.
     *
     * @param each the width of each slice: of one matrix after the other, in the order of the request's ranks
     */
    record Widths(List<Integer> each) implements Report {
        static final int KIND = 1;

        public Widths {
            each = List.copyOf(each);
        }

        @Override
        public int kind() {
            return KIND;
        }

        @Override
        public void putInto(MessageBuffer message) {
            message.putInt(each.size());
            each.forEach(message::putInt);
        }

        static Widths getFrom(MessageBuffer message) {
            return new Widths(message.getList(Integer.BYTES, MessageBuffer::getInt));
        }
    }

    /**
     * Whether a member has been asked for a deployment lately.
     *
     * @param lately whether it has
     */
    record Asked(boolean lately) implements Report {
        static final int KIND = 2;

        @Override
        public int kind() {
            return KIND;
        }

        @Override
        public void putInto(MessageBuffer message) {
            message.putBoolean(lately);
        }

        static Asked getFrom(MessageBuffer message) {
            return new Asked(message.getBoolean());
        }
    }

    /**
     * How much room a member has for weights.
     *
     * @param bytes the bytes that are left
     */
    record Room(long bytes) implements Report {
        static final int KIND = 5;

        @Override
        public int kind() {
            return KIND;
        }

        @Override
        public void putInto(MessageBuffer message) {
            message.putLong(bytes);
        }

        static Room getFrom(MessageBuffer message) {
            return new Room(message.getLong());
        }
    }

    /**
     * Where a task stands on a member.
     *
     * @param waits whether the task waits for other tasks
     * @param computingMillis how long the task that the member computes has been computed; 0 where it computes none
     */
    record Turn(boolean waits, long computingMillis) implements Report {
        static final int KIND = 6;

        @Override
        public int kind() {
            return KIND;
        }

        @Override
        public void putInto(MessageBuffer message) {
            message.putBoolean(waits).putLong(computingMillis);
        }

        static Turn getFrom(MessageBuffer message) {
            return new Turn(message.getBoolean(), message.getLong());
        }
    }

    /**
     * The ranks that a member can answer for from memory.
     *
     * @param warm whether the member has warmed up for them, so that it computes as fast as it can
     * @param ranks their numbers
     */
    record Held(boolean warm, List<Integer> ranks) implements Report {
        static final int KIND = 7;

        public Held {
            ranks = List.copyOf(ranks);
        }

        @Override
        public int kind() {
            return KIND;
        }

        @Override
        public void putInto(MessageBuffer message) {
            message.putBoolean(warm).putInt(ranks.size());
            ranks.forEach(message::putInt);
        }

        static Held getFrom(MessageBuffer message) {
            return new Held(message.getBoolean(), message.getList(Integer.BYTES, MessageBuffer::getInt));
        }
    }

    /**
     * The state of the cluster.
     *
     * @param name the name of a {@link com.hazelcast.cluster.ClusterState}
     */
    record State(String name) implements Report {
        static final int KIND = 8;

        @Override
        public int kind() {
            return KIND;
        }

        @Override
        public void putInto(MessageBuffer message) {
            message.putText(name);
        }

        static State getFrom(MessageBuffer message) {
            return new State(message.getText());
        }
    }

    /** Puts the kind of a report and its content; null stands for no report. */
    static void put(MessageBuffer message, Report report) {
        message.putByte(report == null ? 0 : report.kind());
        if (report != null) {
            report.putInto(message);
        }
    }

    /** Returns the report that {@link #put} put, or null. */
    static Report get(MessageBuffer message) {
        int kind = message.getByte();
        return switch (kind) {
            case 0 -> null;
            case Widths.KIND -> Widths.getFrom(message);
            case Room.KIND -> Room.getFrom(message);
            case Asked.KIND -> Asked.getFrom(message);
            case MemberReport.KIND -> MemberReport.getFrom(message);
            case RanksReport.KIND -> RanksReport.getFrom(message);
            case Turn.KIND -> Turn.getFrom(message);
            case State.KIND -> State.getFrom(message);
            case Held.KIND -> Held.getFrom(message);
            default -> throw new MalformedMessageException("report: " + kind + " (expected: 0 to 8)");
        };
    }
}
