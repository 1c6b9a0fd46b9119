package org.expertgrid.cluster.grid;

import com.hazelcast.client.HazelcastClientNotActiveException;
import com.hazelcast.client.HazelcastClientOfflineException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.HazelcastOverloadException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.LocalMemberResetException;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.spi.exception.DistributedObjectDestroyedException;
import com.hazelcast.spi.exception.RetryableException;
import com.hazelcast.spi.exception.TargetDisconnectedException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/** Tells the faults of a cluster in motion, after which the same task is worth sending again, from those that will not pass. */
public final class Faults {
    private static final List<Class<?>> PASSING = List.of(
            RetryableException.class,
            MemberLeftException.class,
            TargetDisconnectedException.class,
            HazelcastClientOfflineException.class,
            OperationTimeoutException.class,
            IndeterminateOperationStateException.class,
            HazelcastOverloadException.class,
            RejectedExecutionException.class,
            DistributedObjectDestroyedException.class,
            LocalMemberResetException.class,
            SplitBrainProtectionException.class,
            HazelcastInstanceNotActiveException.class);

    private Faults() {}

    /** Returns what lies behind the wrappers; MemberLeftException is an ExecutionException without a cause. */
    public static Throwable unwrap(Throwable thrown) {
        Throwable inner = thrown;
        while (inner instanceof ExecutionException && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** Returns whether an executor or the client rejected a call because its queue is full. Hazelcast says "overloaded" then. */
    public static boolean isOverload(Throwable thrown) {
        return thrown instanceof HazelcastOverloadException
                || thrown instanceof RejectedExecutionException
                        && Objects.toString(thrown.getMessage(), "").contains("overloaded");
    }

    /** Returns a fault in words: the cluster's state where that is the cause, else what the exception says. */
    public static String inWords(Throwable thrown) {
        return Objects.toString(thrown.getMessage(), "").contains("PASSIVE state")
                ? "the cluster's state is PASSIVE (expected: ACTIVE; Cluster.changeClusterState sets it)"
                : thrown.toString();
    }

    /** Returns whether sending again may help, as long as the caller's own instance runs. */
    public static boolean mayPass(Throwable thrown, HazelcastInstance own) {
        if (thrown instanceof HazelcastClientNotActiveException
                || !own.getLifecycleService().isRunning()) {
            return false;
        }
        return PASSING.stream().anyMatch(type -> type.isInstance(thrown));
    }
}
