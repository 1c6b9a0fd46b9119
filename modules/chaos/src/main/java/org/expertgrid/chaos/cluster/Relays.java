package org.expertgrid.chaos.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.expertgrid.cluster.local.LocalCluster.Reached;

/**
 * Relays in front of the ports of members, through which members connect to each other. One member can be cut off from all others:
 * the relays then delay all bytes to and from it, as a broken network would. A calling member is recognised by the port that it calls
 * from. Clients call from any port. They are not delayed then, but the connections between clients and one member can be cut off too.
 *
 * <pre>
 *   member A, calls from 20000-20039 ---> relay of B ---> member B
 *   client, calls from anywhere ----------^
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
final class Relays implements AutoCloseable {
    /** Below the ports that operating systems assign. */
    private static final int FIRST_CALLING_PORT = 20_000;

    private static final int CALLING_RANGES = 300;

    private final List<Relay> relays = new ArrayList<>();
    private final List<Reached> members = new ArrayList<>();
    private int range = ThreadLocalRandom.current().nextInt(CALLING_RANGES);
    private int cutOff;
    private int cutOffFromClients;
    private int heldBack;

    /** Opens a relay in front of a port and returns how the member at that port is reached. */
    synchronized Reached before(int port) {
        int callsFrom = FIRST_CALLING_PORT + Reached.CALLING_PORTS * (range++ % CALLING_RANGES);
        Relay relay = Relay.open(port, this::awaitWay);
        relays.add(relay);
        Reached reached = new Reached(relay.port(), callsFrom);
        members.add(reached);
        return reached;
    }

    /** Cuts off the member that is reached at that port. */
    synchronized void cutOff(int port) {
        cutOff = port;
    }

    /** Cuts off all clients from the member that is reached at that port. */
    synchronized void cutOffClients(int port) {
        cutOffFromClients = port;
    }

    /** Connects all members and clients again; delayed bytes continue. */
    synchronized void heal() {
        cutOff = 0;
        cutOffFromClients = 0;
        notifyAll();
    }

    /** Returns when bytes may pass: of a connection from {@code callingPort} to the member that is reached at port {@code to}. */
    private synchronized void awaitWay(int callingPort, int to) throws InterruptedException {
        int from = memberCallingFrom(callingPort);
        heldBack++;
        try {
            while (isCut(from, to)) {
                wait();
            }
        } finally {
            heldBack--;
        }
    }

    private boolean isCut(int from, int to) {
        return from == 0 ? to == cutOffFromClients : cutOff != 0 && (from == cutOff || to == cutOff);
    }

    /** Returns how many connections have bytes that may not pass, each direction counted by itself. */
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
