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
 * Accepts connections on a loopback port of its own and forwards their bytes, in both directions, to another port.
 *
 * <p>Safe for use by many threads.
 */
final class Relay implements AutoCloseable {
    private static final int WAITING_CONNECTIONS = 50;
    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocket listener;
    private final int target;
    private final Way way;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Delays bytes. */
    @FunctionalInterface
    interface Way {
        /** Returns when bytes of a connection may pass: a connection from {@code callingPort} to the relay at {@code relayPort}. */
        void await(int callingPort, int relayPort) throws InterruptedException;
    }

    private Relay(ServerSocket listener, int target, Way way) {
        this.listener = listener;
        this.target = target;
        this.way = way;
    }

    /** Opens a relay in front of a loopback port. */
    static Relay open(int target, Way way) {
        try {
            Relay relay =
                    new Relay(new ServerSocket(0, WAITING_CONNECTIONS, InetAddress.getLoopbackAddress()), target, way);
            relay.onThread("listener", relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException("no relay: " + e.getMessage(), e);
        }
    }

    /** Returns the port on which it accepts connections. */
    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket caller = listener.accept();
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
        } catch (IOException refused) {
            end(caller);
        }
    }

    /** Forwards one direction. Closes both sockets when the side that it reads closes, as the loss of a member would. */
    private void pump(Socket from, Socket to, int callingPort) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            do {
                read = in.read(buffer);
                // the end of a connection is delayed, too
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
                        // One side has closed its socket. Both ends see that by their own sockets.
                    }
                },
                "expertgrid.relay." + port() + "." + what);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                end(socket);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
