package org.expertgrid.cluster.wire;

import java.util.List;
import org.expertgrid.cluster.errors.MalformedMessageException;

/** What a member answers to a question, beside the status of each rank. Every report writes and reads itself. */
public sealed interface Report permits Report.Widths, Report.Kept, MemberReport, RanksReport {
    /** Puts the content of the report. */
    void putInto(MessageBuffer message);

    /** Returns the number of this kind of report on the wire, which never changes; 0 stands for no report. */
    int kind();

    /**
     * The widths of the slices that were initialized.
     *
     * @param each the width of each run of neighbouring ranks, in the order of the request's ranks
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
     * How many slices of a deployment a member keeps, because it was asked for them lately.
     *
     * @param slices their number
     */
    record Kept(int slices) implements Report {
        static final int KIND = 2;

        @Override
        public int kind() {
            return KIND;
        }

        @Override
        public void putInto(MessageBuffer message) {
            message.putInt(slices);
        }

        static Kept getFrom(MessageBuffer message) {
            return new Kept(message.getInt());
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
            case Kept.KIND -> Kept.getFrom(message);
            case MemberReport.KIND -> MemberReport.getFrom(message);
            case RanksReport.KIND -> RanksReport.getFrom(message);
            default -> throw new MalformedMessageException("report: " + kind + " (expected: 0 to 4)");
        };
    }
}
