package org.expertgrid.cluster.workarounds;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.server.Server;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerConnectionManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.upkeep.Timings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A frozen process: its connections are accepted by the system, and it never says a word. */
@Tag("slow")
class UnansweredConnectionsTest {
    private static final int SECONDS = 20;
    private static final int OUTPUT_THREADS = 24;

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

    /** With as many connections that are not answered as there are output threads, one of them shares its thread with the other member's. */
    @Test
    void aConnectionThatDelaysOthersIsClosedBeforeThoseThatDelayNone() throws Exception {
        try (FrozenProcesses frozen = FrozenProcesses.start(OUTPUT_THREADS);
                EmbeddedCluster cluster = EmbeddedCluster.start(2, UnansweredConnectionsTest::closingNoConnection)) {
            HazelcastInstance member = cluster.member(0);
            assertThat(member.getConfig().getProperty("hazelcast.io.output.thread.count"))
                    .isEqualTo(Integer.toString(OUTPUT_THREADS));
            frozen.connect(member);

            new UnansweredConnections(member, Long.MAX_VALUE, -1).close();

            assertThat(frozen.closed()).isEqualTo(1);
            new UnansweredConnections(member, -1, -1).close();
            assertThat(frozen.closed()).isEqualTo(OUTPUT_THREADS);
        }
    }

    /** The member itself closes no connection, and misses no heartbeat of the other one, whose connection is on a thread that is busy. */
    private static Config closingNoConnection(Config config) {
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "60");
        config.getUserContext().put(Timings.KEY, Timings.withRebalance(30).lookingForConnections(Duration.ofDays(1)));
        return config;
    }

    /** Sockets that accept a connection each and never write anything. */
    private record FrozenProcesses(List<ServerSocket> sockets, List<ServerConnection> connections)
            implements AutoCloseable {
        static FrozenProcesses start(int count) throws IOException {
            List<ServerSocket> sockets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            }
            return new FrozenProcesses(sockets, new ArrayList<>());
        }

        /** Has a member connect to each of them. */
        void connect(HazelcastInstance member) throws IOException {
            Server server = ((HazelcastInstanceProxy) member).getOriginal().node.getServer();
            ServerConnectionManager manager = server.getConnectionManager(EndpointQualifier.MEMBER);
            Set<ServerConnection> before = Set.copyOf(server.getConnections());
            for (ServerSocket socket : sockets) {
                manager.getOrConnect(new Address("127.0.0.1", socket.getLocalPort()));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(SECONDS))
                    .until(() -> server.getConnections().size() == before.size() + sockets.size());
            server.getConnections().stream()
                    .filter(connection -> !before.contains(connection))
                    .forEach(connections::add);
        }

        long closed() {
            return connections.stream()
                    .filter(connection -> !connection.isAlive())
                    .count();
        }

        @Override
        public void close() throws IOException {
            for (ServerSocket socket : sockets) {
                socket.close();
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
