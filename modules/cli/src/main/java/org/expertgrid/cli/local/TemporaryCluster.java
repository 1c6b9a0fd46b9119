package org.expertgrid.cli.local;

import com.hazelcast.config.Config;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cli.output.ExpectedWarnings;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * A cluster for one command: member JVMs, or members in this JVM. It ends when it is closed, and when this JVM ends for any reason.
 *
 * <p>For one thread, besides the thread that ends the JVM.
 */
public final class TemporaryCluster implements AutoCloseable {
    private static final int START_SECONDS = 180;

    private final TemporaryFolder logs;
    private final CompletableFuture<Connectable> started;
    private final AtExit atExit;

    private TemporaryCluster(int members, String heap, boolean embedded) {
        KernelsChoice.best(); // throws if -Dexpertgrid.kernels, which members inherit, has no valid value
        logs = TemporaryFolder.create();
        started = CompletableFuture.supplyAsync(
                () -> embedded
                        ? new Connectable(EmbeddedCluster.start(members, TemporaryCluster::endedByUs))
                        : new Connectable(LocalCluster.start(
                                new LocalCluster.Options(members, heap, logs.path(), 0, true, START_SECONDS))),
                TemporaryCluster::onThread);
        atExit = AtExit.run(() -> {
            AtExit.endChildren(); // also those that are still starting
            end();
        });
    }

    /** Members in this JVM end when they are told to, not by themselves when the JVM begins to end. */
    private static Config endedByUs(Config member) {
        return member.setProperty("hazelcast.shutdownhook.enabled", "false");
    }

    /** Begins to start as many data members as the options say, and returns at once. */
    public static TemporaryCluster start(ShapeOptions options, boolean embedded) {
        return start(options.members, options.heap, embedded);
    }

    /** Begins to start data members, and returns at once. Members in this JVM share its heap. */
    public static TemporaryCluster start(int members, String heap, boolean embedded) {
        return new TemporaryCluster(members, heap, embedded);
    }

    /** Returns when the members have formed a cluster. */
    public void await() {
        members();
    }

    /** Returns a connection when the members have formed a cluster. */
    public Connection connect() {
        return members().connect().get();
    }

    /** Kills one member, but not the one that the caller uses, and returns its address. Two members must be running. */
    public String loseMember() {
        return members().lose().get();
    }

    private Connectable members() {
        try {
            return started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Has the caller close this also when the JVM ends. Member JVMs end with this JVM in any case. */
    public void endByCaller() {
        atExit.callOff();
    }

    /** Ends the members, also those that are still starting. */
    @Override
    public void close() {
        try {
            started.handle((members, failure) -> null).join();
        } finally {
            end();
            atExit.callOff();
        }
    }

    private synchronized void end() {
        if (started.isDone() && !started.isCompletedExceptionally()) {
            try (ExpectedWarnings warnings = new ExpectedWarnings()) {
                warnings.begin();
                started.join().end().run();
            }
        }
        logs.close();
    }

    /** A cluster of either kind. */
    private record Connectable(Supplier<Connection> connect, Supplier<String> lose, Runnable end) {
        Connectable(EmbeddedCluster cluster) {
            this(cluster::connection, cluster::loseMember, cluster::close);
        }

        Connectable(LocalCluster cluster) {
            this(cluster::connection, () -> killLast(cluster.members()), cluster::close);
        }

        private static String killLast(List<MemberProcess> members) {
            MemberProcess last = members.stream()
                    .filter(MemberProcess::isAlive)
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
            last.kill();
            return "127.0.0.1:" + last.port();
        }
    }

    private static void onThread(Runnable start) {
        Thread thread = new Thread(start, "expertgrid-start");
        thread.setDaemon(true);
        thread.start();
    }
}
