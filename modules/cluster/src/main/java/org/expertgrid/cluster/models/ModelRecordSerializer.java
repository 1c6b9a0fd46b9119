package org.expertgrid.cluster.models;

import com.hazelcast.nio.serialization.ByteArraySerializer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.Codes;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.wire.MessageBuffer;

/**
 * Writes {@link ModelRecord}s, in the grid and in the files of a store; named in the configuration of every member and client.
 *
 * <pre>
 *   magic i32 | version u8 | definition | state u8 | version of the record i64 | shards | next: present u8 [, set]
 *   | retired: count i32, sets
 *   set          deployment 2 x i64 | members i32 | placement: count i32, partition keys i32
 *   definition   id 2 x i64 | kind u8 | family: length i32, UTF-8 | exchange u8 | ranks i32 | layers: count i32, each as
 *                {@link LayerCodec} writes it
 * </pre>
 */
public final class ModelRecordSerializer implements ByteArraySerializer<ModelRecord> {
    static final Codes<ModelRecord.State> STATES = new Codes<>(
            "state",
            Map.of(
                    0, ModelRecord.State.DEPLOYING,
                    1, ModelRecord.State.READY,
                    2, ModelRecord.State.REMOVING,
                    3, ModelRecord.State.OTHER_VERSION));
    private static final int TYPE_ID = 0x58470003;
    private static final int MAGIC = 0x58474d52;
    private static final int VERSION = 3;
    private static final int FIRST_ROOM_BYTES = 512;
    private static final int LEAST_LAYER_BYTES = 64;
    private static final int LEAST_SET_BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;

    @Override
    public int getTypeId() {
        return TYPE_ID;
    }

    @Override
    public byte[] write(ModelRecord record) {
        MessageBuffer out =
                MessageBuffer.withRoom(FIRST_ROOM_BYTES).putInt(MAGIC).putByte(VERSION);
        putDefinition(out, record.definition());
        out.putByte(STATES.of(record.state())).putLong(record.version());
        putSet(out, record.shards());
        out.putBoolean(record.next() != null);
        if (record.next() != null) {
            putSet(out, record.next());
        }
        out.putInt(record.retired().size());
        record.retired().forEach(set -> putSet(out, set));
        return out.toArray();
    }

    /**
     * Reads a record.
     *
     * @throws MalformedMessageException if the bytes are no record of this version; names the version
     */
    @Override
    public ModelRecord read(byte[] bytes) {
        MessageBuffer in = MessageBuffer.of(bytes);
        check(in);
        ModelDefinition definition = getDefinition(in);
        ModelRecord.State state = STATES.constant(in.getByte());
        long version = in.getLong();
        ShardSet shards = getSet(in);
        ShardSet next = in.getBoolean() ? getSet(in) : null;
        List<ShardSet> retired = in.getList(LEAST_SET_BYTES, ModelRecordSerializer::getSet);
        in.checkEnd();
        return new ModelRecord(definition, state, version, shards, next, retired);
    }

    /** Returns whether a record was written by this version. */
    static boolean isOfThisVersion(byte[] bytes) {
        return version(MessageBuffer.of(bytes)) == VERSION;
    }

    private static int version(MessageBuffer in) {
        // Records of version 1 begin with a random id instead of the magic.
        return in.getInt() == MAGIC ? in.getByte() : 1;
    }

    private static void check(MessageBuffer in) {
        int version = version(in);
        if (version != VERSION) {
            throw new MalformedMessageException("record version: " + version + " (expected: " + VERSION
                    + "; the model was deployed by another version of Expertgrid: deploy it again)");
        }
    }

    private static void putDefinition(MessageBuffer out, ModelDefinition definition) {
        out.putUuid(definition.id())
                .putByte(Codes.KINDS.of(definition.kind()))
                .putText(definition.family())
                .putByte(Codes.EXCHANGES.of(definition.exchange()))
                .putInt(definition.ranks())
                .putInt(definition.layers().size());
        definition.layers().forEach(layer -> LayerCodec.put(out, layer));
    }

    private static ModelDefinition getDefinition(MessageBuffer in) {
        UUID id = in.getUuid();
        ModelDefinition.Kind kind = Codes.KINDS.constant(in.getByte());
        String family = in.getText();
        Exchange exchange = Codes.EXCHANGES.constant(in.getByte());
        int ranks = in.getInt();
        return new ModelDefinition(id, kind, family, exchange, ranks, in.getList(LEAST_LAYER_BYTES, LayerCodec::get));
    }

    private static void putSet(MessageBuffer out, ShardSet set) {
        out.putUuid(set.deployment())
                .putInt(set.members())
                .putInt(set.placement().size());
        set.placement().forEach(out::putInt);
    }

    private static ShardSet getSet(MessageBuffer in) {
        UUID deployment = in.getUuid();
        int members = in.getInt();
        return new ShardSet(deployment, in.getList(Integer.BYTES, MessageBuffer::getInt), members);
    }
}
