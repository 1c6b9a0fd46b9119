package org.expertgrid.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.nio.ObjectDataInput;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.expertgrid.cluster.StandIn;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Hazelcast whose inputs are no streams, and so do not tell how many bytes are left. */
class BlockTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 200_000})
    void aBlockIsReadFromAnInputThatDoesNotTellItsLength(int length) throws IOException {
        byte[] message =
                ByteBuffer.allocate(Integer.BYTES + length).putInt(length).array();
        assertThat(Block.read(input(message))).hasSize(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 4, -1})
    void aLengthThatLiesGivesNoBytes(int length) throws IOException {
        byte[] message = ByteBuffer.allocate(Integer.BYTES + 3).putInt(length).array();
        assertThat(Block.read(input(message))).isEmpty();
    }

    private static ObjectDataInput input(byte[] message) {
        DataInputStream real = new DataInputStream(new ByteArrayInputStream(message));
        return StandIn.of(
                ObjectDataInput.class,
                (proxy, method, arguments) -> StandIn.ask(
                        real,
                        DataInputStream.class.getMethod(method.getName(), method.getParameterTypes()),
                        arguments));
    }
}
