package org.expertgrid.chaos.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.expertgrid.cluster.local.LocalCluster.Reached;

/**
 * Relays before the ports of members, through which they reach each other, and one of which can be cut off from all others: what
 * goes to it, and what it sends, is held back as by a network that has lost its way. Who calls is known by the port it calls from;
 * clients call from any, and are not held back.
 *
 * <pre>
 *   member A, calls from 20000-20039 ---> relay of B ---> member B
 *   client, calls from anywhere ----------^
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
final class Relays implements AutoCloseable {
    /** Below the ports that systems give away by themselves. */
    private static final int FIRST_CALLING_PORT = 20_000;

    private static final int CALLING_RANGES = 300;

    private final List<Relay> relays = new ArrayList<>();
    private final List<Reached> members = new ArrayList<>();
    private int range = ThreadLocalRandom.current().nextInt(CALLING_RANGES);
    private int cutOff;
    private int heldBack;

    /** Opens a relay before a port and returns how the member there is reached from then on. */
    synchronized Reached before(int port) {
        int callsFrom = FIRST_CALLING_PORT + Reached.CALLING_PORTS * (range++ % CALLING_RANGES);
        Relay relay = Relay.open(port, this::awaitWay);
        relays.add(relay);
        Reached reached = new Reached(relay.port(), callsFrom);
        members.add(reached);
        return reached;
    }

    /** Cuts a member off, which is reached at that port. */
    synchronized void cutOff(int port) {
        cutOff = port;
    }

    /** Lets everybody reach everybody again; what was held back goes on its way. */
    synchronized void heal() {
        cutOff = 0;
        notifyAll();
    }

    /** Returns when bytes of a connection may pass: one from a port of its caller to a member that is reached at another. */
    private synchronized void awaitWay(int callingPort, int to) throws InterruptedException {
        int from = memberCallingFrom(callingPort);
        heldBack++;
        try {
            while (cutOff != 0 && from != 0 && (from == cutOff || to == cutOff)) {
                wait();
            }
        } finally {
            heldBack--;
        }
    }

    /** Returns how many connections, each way counted for itself, have brought bytes that may not pass. */
    synchronized int heldBack() {
        return heldBack;
    }

    private int memberCallingFrom(int port) {
        return members.stream()
                .filter(member -> port >= member.callsFrom() && port < member.callsFrom() + Reached.CALLING_PORTS)
                .mapToInt(Reached::port)
                .findFirst()
                .orElse(0);
    }

    @Override
    public synchronized void close() {
        heal();
        relays.forEach(Relay::close);
    }
}
