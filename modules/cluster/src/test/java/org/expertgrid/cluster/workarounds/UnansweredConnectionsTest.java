package org.expertgrid.cluster.workarounds;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A frozen process: its connections are accepted by the system, and it never says a word. */
@Tag("slow")
class UnansweredConnectionsTest {
    private static final int SECONDS = 20;

    @Test
    void aConnectionWithoutAcknowledgementsIsClosed() throws Exception {
        try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(
                    () -> closesBeforeItIsAnswered(frozen), task -> new Thread(task, "frozen").start());
            try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
                HazelcastInstance member = cluster.member(0);
                ((HazelcastInstanceProxy) member)
                        .getOriginal()
                        .node
                        .getServer()
                        .getConnectionManager(EndpointQualifier.MEMBER)
                        .getOrConnect(new Address("127.0.0.1", frozen.getLocalPort()));
                assertThat(closed.get(SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(member.getLifecycleService().isRunning()).isTrue();
            }
        }
    }

    private static boolean closesBeforeItIsAnswered(ServerSocket frozen) {
        try (Socket connection = frozen.accept()) {
            connection.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SECONDS));
            connection.getInputStream().readAllBytes();
            return true;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
