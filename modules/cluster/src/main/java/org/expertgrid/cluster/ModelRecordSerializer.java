package org.expertgrid.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.expertgrid.experts.LinearWeights;
import org.expertgrid.experts.MoeShape;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/** Writes {@link ModelRecord}s; named in the configuration of every member and client. */
public final class ModelRecordSerializer implements StreamSerializer<ModelRecord> {
    @Override
    public int getTypeId() {
        return SerializerIds.MODEL_RECORD;
    }

    @Override
    public void write(ObjectDataOutput out, ModelRecord record) throws IOException {
        out.writeLong(record.deployment().getMostSignificantBits());
        out.writeLong(record.deployment().getLeastSignificantBits());
        out.writeInt(record.state().ordinal());
        out.writeInt(record.kind().ordinal());
        out.writeInt(record.shape().inputDim());
        out.writeInt(record.shape().hiddenDim());
        out.writeInt(record.shape().outputDim());
        out.writeInt(record.shape().experts());
        out.writeInt(record.elementType().ordinal());
        out.writeInt(record.topK());
        out.writeInt(record.exchange().ordinal());
        out.writeIntArray(
                record.placement().stream().mapToInt(Integer::intValue).toArray());
        out.writeBoolean(record.router() != null);
        if (record.router() != null) {
            writeMatrix(out, record.router().weight());
            writeMatrix(out, record.router().bias());
        }
    }

    @Override
    public ModelRecord read(ObjectDataInput in) throws IOException {
        UUID deployment = new UUID(in.readLong(), in.readLong());
        ModelRecord.State state = ModelRecord.State.values()[in.readInt()];
        ModelRecord.Kind kind = ModelRecord.Kind.values()[in.readInt()];
        MoeShape shape = new MoeShape(in.readInt(), in.readInt(), in.readInt(), in.readInt());
        ElementType type = ElementType.values()[in.readInt()];
        int topK = in.readInt();
        Exchange exchange = Exchange.values()[in.readInt()];
        List<Integer> placement = Arrays.stream(in.readIntArray()).boxed().toList();
        LinearWeights router = in.readBoolean()
                ? new LinearWeights(
                        readMatrix(in, type, shape.inputDim(), shape.experts()),
                        readMatrix(in, type, 1, shape.experts()))
                : null;
        return new ModelRecord(deployment, state, kind, shape, type, topK, exchange, placement, router);
    }

    private static void writeMatrix(ObjectDataOutput out, Matrix matrix) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(matrix.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        matrix.putInto(buffer);
        Block.write(out, buffer.array());
    }

    private static Matrix readMatrix(ObjectDataInput in, ElementType type, int rows, int columns) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Block.read(in)).order(ByteOrder.LITTLE_ENDIAN);
        return Matrix.getFrom(buffer, type, rows, columns);
    }
}
