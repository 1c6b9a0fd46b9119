package org.expertgrid.cluster.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.layout.ExpertRange;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.wire.WorkerRequest.Abandon;
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

/**
 * Blocks of bytes that are no good tasks, or not quite: well-formed tasks of every operation that a deployed model understands,
 * damaged; tasks that are well-formed and absurd; and noise. The same for the same seed.
 */
final class MalformedTasks {
    private static final int[] EXTREMES = {
        0, 1, -1, 2, 7, 127, 128, 1 << 16, 1 << 20, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 7
    };
    private static final int NOISE_BYTES = 2000;

    private final SplittableRandom random;
    private final UUID deployment;
    private final List<byte[]> wellFormed;

    MalformedTasks(SplittableRandom random, ModelRecord record) {
        this.random = random;
        this.deployment = record.shards().deployment();
        this.wellFormed = wellFormed(record.definition(), record.shards());
    }

    byte[] next() {
        byte[] task = wellFormed.get(random.nextInt(wellFormed.size())).clone();
        return switch (random.nextInt(7)) {
            case 0 -> flipped(task);
            case 1 -> Arrays.copyOf(task, random.nextInt(task.length));
            case 2 -> doubled(task);
            case 3 -> overwritten(task);
            case 4 -> noise(random.nextInt(NOISE_BYTES));
            case 5 -> noiseBehindTheHead(task);
            default -> absurd();
        };
    }

    private static List<byte[]> wellFormed(ModelDefinition model, ShardSet set) {
        List<Rank> ranks = set.ranks();
        LayerDefinition layer = model.layers().get(0);
        MatrixId fc1 = new MatrixId(set.deployment(), 0, 1, MatrixRole.FC1);
        MatrixId fc2 = new MatrixId(set.deployment(), 0, 0, MatrixRole.FC2);
        Matrix x = Models.rows(6, layer.shape().inputDim(), layer.elementType());
        Matrix hidden = Models.rows(6, layer.shape().hiddenDim(), layer.elementType());
        List<WorkerRequest> requests = List.of(
                new InitializeLayer(set.deployment(), 0, new ExpertRange(0, 2), ranks),
                new ForwardLayer(fc1, ranks, x),
                new ForwardLayer(fc2, ranks.subList(1, 2), hidden),
                new ForwardExperts(
                        set.deployment(), 0, ranks, x, routing(6, layer.shape().experts())),
                new Examine(),
                new Retire(new UUID(1, 2)),
                new Release(new UUID(3, 4)),
                new Abandon(17),
                new Describe());
        return requests.stream().map(MalformedTasks::bytes).toList();
    }

    private static List<RowsOfExpert> routing(int rows, int experts) {
        List<RowsOfExpert> routing = new ArrayList<>();
        for (int e = 0; e < experts; e++) {
            routing.add(new RowsOfExpert(e, new GatedRows(new int[] {e % rows}, new double[] {0.5})));
        }
        return routing;
    }

    static byte[] bytes(WorkerRequest request) {
        return bytes(new TaskCodec.Task(5, 2_000, request));
    }

    static byte[] bytes(TaskCodec.Task task) {
        byte[] head = TaskCodec.encodeHead(task);
        byte[] rows = TaskCodec.encodeRows(task.request());
        byte[] all = Arrays.copyOf(head, head.length + rows.length);
        System.arraycopy(rows, 0, all, head.length, rows.length);
        return all;
    }

    private byte[] flipped(byte[] task) {
        for (int flips = random.nextInt(1, 9); flips > 0; flips--) {
            task[random.nextInt(task.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return task;
    }

    private byte[] doubled(byte[] task) {
        byte[] twice = Arrays.copyOf(task, 2 * task.length);
        System.arraycopy(task, 0, twice, task.length, task.length);
        return twice;
    }

    /** Any four bytes may be a count or a length; those near the beginning more often are. */
    private byte[] overwritten(byte[] task) {
        int within = random.nextBoolean() ? task.length : Math.min(task.length, 80);
        int at = random.nextInt(Math.max(1, within - Integer.BYTES));
        int extreme = EXTREMES[random.nextInt(EXTREMES.length)];
        ByteBuffer.wrap(task).order(ByteOrder.LITTLE_ENDIAN).putInt(at, extreme);
        return task;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] noiseBehindTheHead(byte[] task) {
        int head = Math.min(task.length, 1 + 2 * Long.BYTES + 1);
        byte[] noise = noise(head + random.nextInt(NOISE_BYTES));
        System.arraycopy(task, 0, noise, 0, head);
        return noise;
    }

    /** Encodes in the right form values that make no sense: ranks, keys, experts, rows and times that do not exist. */
    private byte[] absurd() {
        UUID target = random.nextBoolean() ? deployment : new UUID(extreme(), extreme());
        List<Rank> ranks = new ArrayList<>();
        for (int count = random.nextInt(20); count > 0; count--) {
            ranks.add(new Rank(extreme(), extreme()));
        }
        ElementType type = ElementType.values()[random.nextInt(2)];
        Matrix x = Models.rows(random.nextInt(1, 5), random.nextInt(1, 40), type);
        MatrixRole[] roles = MatrixRole.values();
        MatrixId matrix = new MatrixId(target, extreme(), extreme(), roles[random.nextInt(roles.length)]);
        WorkerRequest request = switch (random.nextInt(3)) {
            case 0 -> new InitializeLayer(target, extreme(), new ExpertRange(extreme(), extreme()), ranks);
            case 1 -> new ForwardLayer(matrix, ranks, x);
            default ->
                new ForwardExperts(target, random.nextInt(2), ranks, x, routing(x.rows(), random.nextInt(1, 2000)));
        };
        return bytes(new TaskCodec.Task(random.nextLong(), (long) extreme() * extreme(), request));
    }

    private int extreme() {
        return random.nextInt(4) == 0 ? random.nextInt() : EXTREMES[random.nextInt(EXTREMES.length)];
    }
}
