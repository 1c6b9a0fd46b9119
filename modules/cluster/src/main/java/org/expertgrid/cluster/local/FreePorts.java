package org.expertgrid.cluster.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback for processes that are started in a moment. They lie below those that a system gives to connections and to
 * sockets that ask for any port, so that no other program is given one of them before the process listens on it.
 *
 * <p>Safe for use by many threads.
 */
public final class FreePorts {
    private static final int FIRST = 11_000;
    private static final int LAST = 19_999;

    private FreePorts() {}

    /** Returns different ports on which nothing listens, in a random order. */
    public static List<Integer> of(int count) {
        List<Integer> ports = ThreadLocalRandom.current()
                .ints(FIRST, LAST + 1)
                .distinct()
                .limit(LAST - FIRST)
                .filter(FreePorts::isFree)
                .limit(count)
                .boxed()
                .toList();
        if (ports.size() < count) {
            throw new IllegalStateException(
                    "free ports from " + FIRST + " to " + LAST + ": " + ports.size() + " (expected: " + count + ")");
        }
        return ports;
    }

    /** Returns whether nothing listens on a port. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
