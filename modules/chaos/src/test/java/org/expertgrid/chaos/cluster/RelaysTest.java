package org.expertgrid.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.local.LocalCluster.Reached;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With sockets in the place of members: two of them behind relays, and a client. */
class RelaysTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int LONG_ENOUGH_MILLIS = 5_000;

    private final Relays relays = new Relays();
    private ServerSocket listening;
    private Reached one;
    private Reached other;

    @BeforeEach
    void listen() throws IOException {
        listening = new ServerSocket(0, 5, HERE);
        listening.setSoTimeout(LONG_ENOUGH_MILLIS);
        one = relays.before(listening.getLocalPort());
        other = relays.before(listening.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        relays.close();
        listening.close();
    }

    @Test
    void bytesPassBothWays() throws IOException {
        try (Socket caller = call(one, from(other));
                Socket called = listening.accept()) {
            caller.getOutputStream().write(7);
            assertThat(called.getInputStream().read()).isEqualTo(7);
            called.getOutputStream().write(8);
            assertThat(caller.getInputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void bytesOfAMemberThatIsCutOffArriveWhenItIsConnectedAgain() throws IOException {
        try (Socket caller = call(one, from(other));
                Socket called = listening.accept()) {
            relays.cutOff(other.port());
            caller.getOutputStream().write(7);
            expectHeldBack(called);
            relays.heal();
            called.setSoTimeout(LONG_ENOUGH_MILLIS);
            assertThat(called.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void bytesForAMemberThatIsCutOffDoNotArrive() throws IOException {
        try (Socket caller = call(one, from(other));
                Socket called = listening.accept()) {
            relays.cutOff(one.port());
            caller.getOutputStream().write(7);
            expectHeldBack(called);
        }
    }

    @Test
    void bytesOfAClientThatIsCutOffFromAMemberArriveWhenItIsConnectedAgain() throws IOException {
        try (Socket client = call(one, 0);
                Socket called = listening.accept()) {
            relays.cutOffClients(one.port());
            client.getOutputStream().write(7);
            expectHeldBack(called);
            relays.heal();
            called.setSoTimeout(LONG_ENOUGH_MILLIS);
            assertThat(called.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void membersReachEachOtherWhileClientsAreCutOff() throws IOException {
        relays.cutOffClients(one.port());
        try (Socket caller = call(one, from(other));
                Socket called = listening.accept()) {
            caller.getOutputStream().write(7);
            assertThat(called.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void membersThatAreNotCutOffTalkOn() throws IOException {
        Reached third = relays.before(listening.getLocalPort());
        try (Socket caller = call(one, from(other));
                Socket called = listening.accept()) {
            relays.cutOff(third.port());
            caller.getOutputStream().write(7);
            called.setSoTimeout(LONG_ENOUGH_MILLIS);
            assertThat(called.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void clientsReachAMemberThatIsCutOff() throws IOException {
        relays.cutOff(one.port());
        try (Socket client = call(one, 0);
                Socket called = listening.accept()) {
            client.getOutputStream().write(7);
            called.setSoTimeout(LONG_ENOUGH_MILLIS);
            assertThat(called.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void connectionsToAMemberThatEndsAreClosed() throws IOException {
        try (Socket caller = call(one, from(other))) {
            listening.accept().close();
            caller.setSoTimeout(LONG_ENOUGH_MILLIS);
            assertThat(caller.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static int from(Reached member) {
        return member.callsFrom();
    }

    private static Socket call(Reached member, int fromPort) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(HERE, fromPort));
        socket.connect(new InetSocketAddress(HERE, member.port()), LONG_ENOUGH_MILLIS);
        return socket;
    }

    /** Once the relay holds what it was given, nothing of it is on its way. */
    private void expectHeldBack(Socket called) throws IOException {
        Awaitility.await().until(() -> relays.heldBack() == 1);
        assertThat(called.getInputStream().available()).isZero();
    }
}
