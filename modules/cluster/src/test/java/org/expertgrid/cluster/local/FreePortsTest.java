package org.expertgrid.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void portsAreDifferentAndCanBeListenedOn() throws IOException {
        List<Integer> ports = FreePorts.of(200);
        assertThat(ports).hasSize(200).doesNotHaveDuplicates();
        for (int port : ports) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void noPortIsOneThatTheSystemGivesToSocketsThatAskForAny() throws IOException {
        List<Integer> ports = FreePorts.of(200);
        for (int i = 0; i < 200; i++) {
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                assertThat(ports).allMatch(port -> port < any.getLocalPort());
            }
        }
    }

    @Test
    void aPortOnWhichAProcessListensIsNotFree() throws IOException {
        try (ServerSocket taken = new ServerSocket(FreePorts.of(1).get(0), 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePorts.isFree(taken.getLocalPort())).isFalse();
        }
    }
}
