package org.expertgrid.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.expertgrid.cluster.ListeningSockets;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What run.sh starts is reached from this machine alone. */
class LoopbackTest {
    private static final long THIS = ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    @BeforeEach
    void socketsCanBeSeen() {
        assumeTrue(ListeningSockets.canBeSeen(), "no /proc to see the sockets of processes in");
    }

    @Test
    @Tag("slow")
    void membersAndClientsListenOnLoopbackAlone() throws IOException {
        try (LocalCluster cluster = LocalCluster.start(LocalCluster.Options.of(1, directory))) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                    .deploy(client, "ranker")) {
                moe.forward(Models.rows(3, ElementType.FLOAT64));
                for (MemberProcess member : cluster.members()) {
                    assertThat(ListeningSockets.of(member.pid()))
                            .anyMatch(socket -> socket.getPort() == member.port())
                            .allMatch(socket -> socket.getAddress().isLoopbackAddress());
                }
                assertThat(ListeningSockets.of(THIS))
                        .allMatch(socket -> socket.getAddress().isLoopbackAddress());
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void aSocketThatListensElsewhereWouldBeSeen() throws IOException {
        try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(ListeningSockets.of(THIS)).contains(new InetSocketAddress("127.0.0.1", here.getLocalPort()));
        }
        assertThat(ListeningSockets.address("00000000:1645")).isEqualTo(new InetSocketAddress("0.0.0.0", 5701));
        assertThat(ListeningSockets.address("00000000000000000000000000000000:1645"))
                .isEqualTo(new InetSocketAddress("::", 5701));
    }
}
