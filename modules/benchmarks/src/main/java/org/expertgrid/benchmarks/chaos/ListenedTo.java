package org.expertgrid.benchmarks.chaos;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.nio.Connection;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicReference;

/**
 * From which member a client hears who is a member and who owns what. Hazelcast does not tell, so it is read from where it keeps
 * it.
 */
final class ListenedTo {
    private ListenedTo() {}

    /** Returns the port of that member, or 0 where the client is between two of them. */
    static int port(HazelcastInstance client) {
        try {
            Object listener = read(read(client, "client"), "clientClusterViewListenerService");
            Connection connection = (Connection) ((AtomicReference<?>) read(listener, "listenerAddedConnection")).get();
            return connection == null ? 0 : connection.getRemoteAddress().getPort();
        } catch (NoSuchFieldException | IllegalAccessException e) {
            throw new IllegalStateException("another Hazelcast than this was written for: " + e, e);
        }
    }

    private static Object read(Object of, String name) throws NoSuchFieldException, IllegalAccessException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}
