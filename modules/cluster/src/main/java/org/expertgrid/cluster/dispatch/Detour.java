package org.expertgrid.cluster.dispatch;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.expertgrid.cluster.grid.DaemonThreads;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.OwnConfiguration;
import org.expertgrid.cluster.layout.ShardSet;

/**
 * A second client, for the time in which the first one knows a smaller part of the cluster only. A client has its list of members from one
 * of them. When that member is cut off from the others, it removes them from the list, and the client closes its connections to
 * them, although it could reach them.
 *
 * <pre>
 *   client ---------- A      A is cut off: it has removed B, C and D, and the client with it
 *     |
 *   second client --- B ---- C and D: asked through B until the client's list has most members again
 * </pre>
 *
 * The dispatchers of a client share one. A member has none: where it is cut off, so are its callers. A client whose configuration
 * {@code ExpertgridConfig.addTo} does not know has none, either. Safe for use by many threads.
 */
final class Detour {
    private static final String KEY = "expertgrid.detour";
    private static final int CONNECT_MILLIS = 2_000;
    /** How long calls may still use the second client when it is not needed any more. */
    private static final long CLOSE_SECONDS = 30;

    private final HazelcastInstance client;
    /** The addresses of the members that have left the list. */
    private final Set<String> left = ConcurrentHashMap.newKeySet();

    private final AtomicReference<CompletableFuture<HazelcastInstance>> second = new AtomicReference<>();

    private Detour(HazelcastInstance client) {
        this.client = client;
    }

    /** Returns the one of a client, or null where there is none. */
    static Detour of(HazelcastInstance hazelcast) {
        if (OwnConfiguration.copyOf(hazelcast) == null) {
            return null;
        }
        Detour made = new Detour(hazelcast);
        Detour first = (Detour) hazelcast.getUserContext().putIfAbsent(KEY, made);
        if (first != null) {
            return first;
        }
        hazelcast.getCluster().addMembershipListener(made.new LeftMembers());
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.SHUTTING_DOWN) {
                made.close(0);
            }
        });
        return made;
    }

    /** Takes note of the members that leave the list. */
    private final class LeftMembers implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            left.remove(DataMembers.address(event.getMember()));
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            left.add(DataMembers.address(event.getMember()));
        }
    }

    /**
     * Returns the second client, where the first one knows less than half of the members that hold a set of shards; null otherwise, and until the second
     * client has connected. Does not wait.
     */
    HazelcastInstance around(ShardSet set) {
        if (knowsMost(client, set)) {
            close(CLOSE_SECONDS);
            return null;
        }
        CompletableFuture<HazelcastInstance> connected = second.get();
        if (connected == null) {
            connect();
            return null;
        }
        HazelcastInstance other = connected.getNow(null);
        return other != null && knowsMost(other, set) ? other : null;
    }

    private static boolean knowsMost(HazelcastInstance hazelcast, ShardSet set) {
        return set.isTogether(DataMembers.of(hazelcast).size());
    }

    private void connect() {
        CompletableFuture<HazelcastInstance> connecting = new CompletableFuture<>();
        List<String> addresses = List.copyOf(left);
        if (addresses.isEmpty() || !second.compareAndSet(null, connecting)) {
            return;
        }
        DaemonThreads.named("dispatch", "detour")
                .newThread(() -> {
                    try {
                        connecting.complete(HazelcastClient.newHazelcastClient(configuration(addresses)));
                    } catch (RuntimeException | LinkageError unreachable) {
                        second.compareAndSet(connecting, null);
                    }
                })
                .start();
    }

    // The successor of setSmartRouting, RoutingMode, is in another package in Hazelcast 5.5.
    @SuppressWarnings("removal")
    private ClientConfig configuration(List<String> addresses) {
        ClientConfig around = OwnConfiguration.copyOf(client);
        around.setInstanceName(client.getName() + ".detour." + UUID.randomUUID());
        // With a connection to each member in the list, it could follow the one that is cut off, too.
        around.getNetworkConfig().setAddresses(addresses).setSmartRouting(false);
        around.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(CONNECT_MILLIS);
        return around;
    }

    private void close(long seconds) {
        CompletableFuture<HazelcastInstance> unused = second.getAndSet(null);
        if (unused != null) {
            unused.thenAcceptAsync(
                    HazelcastInstance::shutdown, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS));
        }
    }
}
