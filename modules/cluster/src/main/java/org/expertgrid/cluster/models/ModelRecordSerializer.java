package org.expertgrid.cluster.models;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.shards.SerializerIds;
import org.expertgrid.cluster.wire.Block;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
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
        writeDefinition(out, record.definition());
        out.writeInt(record.state().ordinal());
        out.writeLong(record.version());
        writeSet(out, record.shards());
        out.writeBoolean(record.next() != null);
        if (record.next() != null) {
            writeSet(out, record.next());
        }
        out.writeInt(record.retired().size());
        for (ShardSet retired : record.retired()) {
            writeSet(out, retired);
        }
    }

    @Override
    public ModelRecord read(ObjectDataInput in) throws IOException {
        ModelDefinition definition = readDefinition(in);
        ModelRecord.State state = Block.readConstant(in, ModelRecord.State.values());
        long version = in.readLong();
        ShardSet shards = readSet(in);
        ShardSet next = in.readBoolean() ? readSet(in) : null;
        List<ShardSet> retired = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            retired.add(readSet(in));
        }
        return new ModelRecord(definition, state, version, shards, next, retired);
    }

    private static void writeDefinition(ObjectDataOutput out, ModelDefinition definition) throws IOException {
        writeUuid(out, definition.id());
        out.writeInt(definition.kind().ordinal());
        out.writeInt(definition.shape().inputDim());
        out.writeInt(definition.shape().hiddenDim());
        out.writeInt(definition.shape().outputDim());
        out.writeInt(definition.shape().experts());
        out.writeInt(definition.elementType().ordinal());
        out.writeInt(definition.topK());
        out.writeInt(definition.exchange().ordinal());
        out.writeInt(definition.ranks());
        out.writeBoolean(definition.router() != null);
        if (definition.router() != null) {
            writeMatrix(out, definition.router().weight().toMatrix());
            writeMatrix(out, definition.router().bias());
        }
    }

    private static ModelDefinition readDefinition(ObjectDataInput in) throws IOException {
        UUID id = readUuid(in);
        ModelDefinition.Kind kind = Block.readConstant(in, ModelDefinition.Kind.values());
        MoeShape shape = new MoeShape(in.readInt(), in.readInt(), in.readInt(), in.readInt());
        ElementType type = Block.readConstant(in, ElementType.values());
        int topK = in.readInt();
        Exchange exchange = Block.readConstant(in, Exchange.values());
        int ranks = in.readInt();
        LinearWeights router = in.readBoolean()
                ? new LinearWeights(
                        readMatrix(in, type, shape.inputDim(), shape.experts()),
                        readMatrix(in, type, 1, shape.experts()))
                : null;
        return new ModelDefinition(id, kind, shape, type, topK, exchange, ranks, router);
    }

    private static void writeSet(ObjectDataOutput out, ShardSet set) throws IOException {
        writeUuid(out, set.deployment());
        out.writeInt(set.members());
        ByteBuffer placement = ByteBuffer.allocate(set.placement().size() * Integer.BYTES);
        set.placement().forEach(placement::putInt);
        Block.write(out, placement.array());
    }

    private static ShardSet readSet(ObjectDataInput in) throws IOException {
        UUID deployment = readUuid(in);
        int members = in.readInt();
        IntBuffer placement = ByteBuffer.wrap(Block.read(in)).asIntBuffer();
        List<Integer> keys = new ArrayList<>();
        while (placement.hasRemaining()) {
            keys.add(placement.get());
        }
        return new ShardSet(deployment, keys, members);
    }

    private static void writeUuid(ObjectDataOutput out, UUID uuid) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID readUuid(ObjectDataInput in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void writeMatrix(ObjectDataOutput out, Matrix matrix) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(matrix.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        matrix.putInto(buffer);
        Block.write(out, buffer.array());
    }

    private static Matrix readMatrix(ObjectDataInput in, ElementType type, int rows, int columns) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Block.read(in)).order(ByteOrder.LITTLE_ENDIAN);
        long expected = (long) rows * columns * type.bytes();
        if (buffer.remaining() != expected) {
            throw new MalformedMessageException("router: " + buffer.remaining() + " bytes (expected: " + expected
                    + " for " + type + " " + rows + " x " + columns + ")");
        }
        return Matrix.getFrom(buffer, type, rows, columns);
    }
}
