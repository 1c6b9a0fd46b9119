package org.expertgrid.cluster.models;

import com.hazelcast.nio.serialization.ByteArraySerializer;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.wire.MessageBuffer;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * Writes the weights of routers, in the grid and in the files of a store; named in the configuration of every member and client.
 *
 * <pre>
 *   magic i32 | version u8 | weight | bias | choice bias | gates of shared experts: present u8 [, matrix]
 * </pre>
 */
public final class RouterWeightsSerializer implements ByteArraySerializer<RouterWeights> {
    private static final int TYPE_ID = 0x58470005;
    private static final int MAGIC = 0x58475257;
    private static final int VERSION = 1;

    @Override
    public int getTypeId() {
        return TYPE_ID;
    }

    @Override
    public byte[] write(RouterWeights router) {
        boolean hasGates = router.sharedGates().columns() > 0;
        MessageBuffer out = MessageBuffer.withRoom(router.weight().bytes() + 1024)
                .putInt(MAGIC)
                .putByte(VERSION)
                .putMatrix(router.weight())
                .putMatrix(router.bias())
                .putMatrix(router.choiceBias())
                .putBoolean(hasGates);
        return (hasGates ? out.putMatrix(router.sharedGates()) : out).toArray();
    }

    /**
     * Reads the weights of a router.
     *
     * @throws MalformedMessageException if the bytes are no router of this version
     */
    @Override
    public RouterWeights read(byte[] bytes) {
        MessageBuffer in = MessageBuffer.of(bytes);
        int version = in.getInt() == MAGIC ? in.getByte() : 0;
        if (version != VERSION) {
            throw new MalformedMessageException("router version: " + version + " (expected: " + VERSION + ")");
        }
        Matrix weight = in.getMatrix();
        Matrix bias = in.getMatrix();
        Matrix choiceBias = in.getMatrix();
        Matrix gates = in.getBoolean() ? in.getMatrix() : Matrix.zeros(ElementType.FLOAT32, weight.rows(), 0);
        in.checkEnd();
        try {
            return new RouterWeights(weight, bias, choiceBias, gates);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage());
        }
    }
}
