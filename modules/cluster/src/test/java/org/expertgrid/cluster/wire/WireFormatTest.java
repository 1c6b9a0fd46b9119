package org.expertgrid.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.errors.MalformedMessageException;
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
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireFormatTest {
    private static final MemberReport MEMBER = new MemberReport(
            "plain",
            2,
            1L << 40,
            Long.MAX_VALUE,
            11,
            12,
            13,
            14,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            true,
            List.of("map ä", "listener"));
    private static final RanksReport SERVED =
            new RanksReport(true, 17, 1, Map.of(new UUID(1, 2), List.of(0, 3), new UUID(3, 4), List.of()));

    private static final UUID DEPLOYMENT = UUID.randomUUID();
    private static final MatrixId MATRIX = new MatrixId(DEPLOYMENT, 47, 3, MatrixRole.DOWN);
    private static final ExpertRange ONE_EXPERT = new ExpertRange(0, 1);
    private static final List<Rank> RANKS = List.of(new Rank(0, 17), new Rank(4, -5));
    private static final ForwardExperts EXPERTS = new ForwardExperts(
            DEPLOYMENT,
            2,
            RANKS,
            Models.rows(4, ElementType.FLOAT32),
            List.of(
                    new RowsOfExpert(0, new GatedRows(new int[] {0, 3}, new double[] {0.25, Double.NaN})),
                    new RowsOfExpert(7, new GatedRows(new int[] {1, 2}, new double[] {1, 0.5}))));

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void everyRequestArrivesAsItWasSent(ElementType type) {
        Matrix x = Models.rows(5, type);
        for (WorkerRequest request : List.of(
                new InitializeLayer(DEPLOYMENT, 1, new ExpertRange(3, 5), RANKS),
                new ForwardLayer(MATRIX, RANKS, x),
                new Release(DEPLOYMENT),
                new Retire(DEPLOYMENT),
                new Examine(),
                new Abandon(-77),
                new AskTurn(-78),
                new AskHeld(DEPLOYMENT),
                new AskState(),
                new AskRoom(1L << 41),
                new Describe())) {
            TaskCodec.Task task = new TaskCodec.Task(77, 1234, request);
            assertThat(TaskCodec.decode(MalformedTasks.bytes(task))).isEqualTo(task);
        }
    }

    @Test
    void everyKindOfRequestHasAnOperation() {
        Stream<Class<?>> kinds = Arrays.stream(WorkerRequest.class.getPermittedSubclasses());
        assertThat(kinds.filter(kind -> !TaskCodec.knows(kind.asSubclass(WorkerRequest.class))))
                .isEmpty();
    }

    @Test
    void theRoutingOfRowsArrivesAsItWasSent() {
        TaskCodec.Task arrived = TaskCodec.decode(MalformedTasks.bytes(new TaskCodec.Task(1, 2, EXPERTS)));
        ForwardExperts request = (ForwardExperts) arrived.request();
        assertThat(request.ranks()).isEqualTo(RANKS);
        assertThat(request.x()).isEqualTo(EXPERTS.x());
        assertThat(request.rows()).hasSize(2);
        for (int e = 0; e < 2; e++) {
            assertThat(request.rows().get(e).expert())
                    .isEqualTo(EXPERTS.rows().get(e).expert());
            assertThat(request.rows().get(e).rows().rows())
                    .isEqualTo(EXPERTS.rows().get(e).rows().rows());
            assertThat(request.rows().get(e).rows().gates())
                    .isEqualTo(EXPERTS.rows().get(e).rows().gates());
        }
    }

    @Test
    void everyReplyArrivesAsItWasSent() {
        Matrix result = Models.rows(3, ElementType.FLOAT32);
        for (WorkerReply reply : List.of(
                WorkerReply.ok(2, result),
                WorkerReply.ok(2, new Report.Widths(List.of(1, Integer.MIN_VALUE))),
                WorkerReply.ok(0, new Report.Asked(true)),
                WorkerReply.ok(0, new Report.Room(1L << 40)),
                WorkerReply.ok(0, new Report.Turn(true, 1L << 40)),
                WorkerReply.ok(0, new Report.State("FROZEN")),
                WorkerReply.ok(0, new Report.Held(true, List.of(0, 7))),
                WorkerReply.ok(0, MEMBER),
                WorkerReply.ok(0, SERVED),
                WorkerReply.ok(0),
                WorkerReply.failed(3, "it went wrong: ä"),
                new WorkerReply(List.of(RankStatus.OK, RankStatus.MOVED, RankStatus.MISSING), "", null, null))) {
            ReplyCodec.Answer answer = new ReplyCodec.Answer(9, reply);
            ReplyCodec.Answer arrived = ReplyCodec.decode(ReplyCodec.encode(answer));
            assertThat(arrived.requestId()).isEqualTo(9);
            assertThat(arrived.reply().statuses()).isEqualTo(reply.statuses());
            assertThat(arrived.reply().message()).isEqualTo(reply.message());
            assertThat(arrived.reply().report()).isEqualTo(reply.report());
            assertThat(matrix(arrived.reply())).isEqualTo(matrix(reply));
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] task = MalformedTasks.bytes(new TaskCodec.Task(1, 2, EXPERTS));
        byte[] answer =
                ReplyCodec.encode(new ReplyCodec.Answer(1, WorkerReply.ok(1, Models.rows(2, ElementType.FLOAT64))));
        for (int length = 0; length < task.length; length++) {
            byte[] shorter = Arrays.copyOf(task, length);
            assertThatThrownBy(() -> TaskCodec.decode(shorter)).isInstanceOf(MalformedMessageException.class);
        }
        for (int length = 0; length < answer.length; length++) {
            byte[] shorter = Arrays.copyOf(answer, length);
            assertThatThrownBy(() -> ReplyCodec.decode(shorter)).isInstanceOf(MalformedMessageException.class);
        }
        byte[] longer = Arrays.copyOf(task, task.length + 1);
        assertThatThrownBy(() -> TaskCodec.decode(longer)).hasMessageContaining("behind its end");
    }

    @Test
    void unknownCodesAreRefused() {
        Matrix x = EXPERTS.x();
        assertRefused(
                new InitializeLayer(DEPLOYMENT, 0, new ExpertRange(-1, 1), RANKS), "expert: -1 (expected: at least 0)");
        assertRefused(
                new InitializeLayer(DEPLOYMENT, 0, new ExpertRange(2, 2), RANKS),
                "end of the experts: 2 (expected: above 2)");
        assertRefused(new InitializeLayer(DEPLOYMENT, 0, ONE_EXPERT, List.of()), "ranks: 0 (expected: at least 1)");
        assertRefused(
                new InitializeLayer(DEPLOYMENT, 0, ONE_EXPERT, List.of(new Rank(-1, 0))),
                "rank: -1 (expected: above -1)");
        assertRefused(
                new InitializeLayer(DEPLOYMENT, 0, ONE_EXPERT, List.of(new Rank(3, 0), new Rank(3, 0))),
                "rank: 3 (expected: above 3)");
        assertRefused(
                new ForwardLayer(MATRIX, RANKS, Matrix.zeros(ElementType.FLOAT32, Integer.MAX_VALUE, 0)),
                "columns: 0 (expected: at least 1)");
        RowsOfExpert none = new RowsOfExpert(1, new GatedRows(new int[0], new double[0]));
        assertRefused(forward(x, none), "rows of an expert: 0 (expected: at least 1)");
        RowsOfExpert beyond = new RowsOfExpert(1, new GatedRows(new int[] {1, 4}, new double[2]));
        assertRefused(forward(x, beyond), "row of an expert: 4 (expected: below 4)");
        RowsOfExpert first = new RowsOfExpert(1, new GatedRows(new int[] {0}, new double[1]));
        assertRefused(forward(x, first, first), "expert: 1 (expected: above 1)");
    }

    private static ForwardExperts forward(Matrix x, RowsOfExpert... rows) {
        return new ForwardExperts(DEPLOYMENT, 0, RANKS, x, List.of(rows));
    }

    @Test
    void rowsOutOfOrderAreRefusedWhereverTheyStand() {
        byte[] task = MalformedTasks.bytes(new TaskCodec.Task(1, 2, EXPERTS));
        // The first expert's rows begin behind the number of experts, its own number and the number of its rows.
        int routing = task.length - 4 * Integer.BYTES - 4 * (Integer.BYTES + Double.BYTES) - Integer.BYTES;
        ByteBuffer.wrap(task).order(ByteOrder.LITTLE_ENDIAN).putInt(routing + 3 * Integer.BYTES, Integer.MAX_VALUE);
        assertThatThrownBy(() -> TaskCodec.decode(task))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("rows[1]: 3 (expected: strictly ascending");
    }

    private static void assertRefused(WorkerRequest request, String message) {
        byte[] task = MalformedTasks.bytes(new TaskCodec.Task(1, 2, request));
        assertThatThrownBy(() -> TaskCodec.decode(task))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage(message);
    }

    @Test
    void anotherVersionIsNamed() {
        byte[] task = MalformedTasks.bytes(new TaskCodec.Task(1, 2, new Describe()));
        task[0] = 9;
        assertThatThrownBy(() -> TaskCodec.decode(task))
                .hasMessage("protocol version: 9 (expected: 5; all members and clients need the same version of"
                        + " Expertgrid)");
    }

    @Test
    void randomDamageIsRefusedOrHarmlessAndNeverAnythingElse() {
        SplittableRandom random = Models.random(20261123);
        byte[] task = MalformedTasks.bytes(new TaskCodec.Task(1, 2, EXPERTS));
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = task.clone();
            for (int bytes = 0; bytes <= random.nextInt(4); bytes++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                TaskCodec.decode(damaged);
            } catch (MalformedMessageException refused) {
                assertThat(refused).hasMessageContaining("expected");
            }
        }
    }

    private static Matrix matrix(WorkerReply reply) {
        return reply.result() == null ? null : reply.result().matrix();
    }
}
