package org.expertgrid.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes connections on a loopback port of its own and passes on, both ways, what comes on them, to and from another.
 *
 * <p>Safe for use by many threads.
 */
final class Relay implements AutoCloseable {
    private static final int WAITING_CONNECTIONS = 50;
    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocket door;
    private final int target;
    private final Way way;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Holds bytes back. */
    @FunctionalInterface
    interface Way {
        /** Returns when bytes may pass of a connection that a caller made from that port to a relay at another. */
        void await(int callingPort, int relayPort) throws InterruptedException;
    }

    private Relay(ServerSocket door, int target, Way way) {
        this.door = door;
        this.target = target;
        this.way = way;
    }

    /** Opens one before a loopback port. */
    static Relay open(int target, Way way) {
        try {
            Relay relay =
                    new Relay(new ServerSocket(0, WAITING_CONNECTIONS, InetAddress.getLoopbackAddress()), target, way);
            relay.onThread("door", relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException("no relay: " + e.getMessage(), e);
        }
    }

    /** Returns where it takes connections. */
    int port() {
        return door.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket caller = door.accept();
            sockets.add(caller);
            onThread("connection", () -> connect(caller));
        }
    }

    private void connect(Socket caller) throws IOException {
        try {
            Socket called = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(called);
            caller.setTcpNoDelay(true);
            called.setTcpNoDelay(true);
            onThread("back", () -> pump(called, caller, caller.getPort()));
            pump(caller, called, caller.getPort());
        } catch (IOException nobodyThere) {
            end(caller);
        }
    }

    /** Ends both sockets when the side that it reads ends: a member that is gone ends its connections both ways. */
    private void pump(Socket from, Socket to, int callingPort) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            do {
                read = in.read(buffer);
                // the end of a connection, too, is held back
                way.await(callingPort, port());
                out.write(buffer, 0, Math.max(0, read));
            } while (read >= 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) throws IOException {
        sockets.remove(socket);
        socket.close();
    }

    private interface Task {
        void run() throws IOException;
    }

    private void onThread(String what, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException ended) {
                        // Somebody is gone; those at both ends see it by their own sockets.
                    }
                },
                "expertgrid.relay." + port() + "." + what);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket socket : sockets) {
                end(socket);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
