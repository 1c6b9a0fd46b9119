package org.expertgrid.cluster.workarounds;

import com.hazelcast.nio.ObjectDataInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;

/**
 * How many bytes are left in an input of Hazelcast.
 *
 * <p>Hazelcast's public {@code ObjectDataInput} does not tell, and its {@code readByteArray} allocates whatever length a message
 * claims. The inputs that Hazelcast 5 passes to {@code readData} are streams too, which tell.
 */
public final class AvailableBytes {
    private AvailableBytes() {}

    /** Returns the number of bytes that are left, or nothing where this Hazelcast's inputs do not tell. */
    public static OptionalInt in(ObjectDataInput in) throws IOException {
        return in instanceof InputStream stream ? OptionalInt.of(stream.available()) : OptionalInt.empty();
    }
}
