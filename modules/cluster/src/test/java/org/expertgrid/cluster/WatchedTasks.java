package org.expertgrid.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.wire.WorkerTask;

/** Hazelcast instances whose tasks for members a test can watch, and can keep from being sent. */
public final class WatchedTasks {
    private WatchedTasks() {}

    public interface Watcher {
        /** Returns whether a task goes on to its member. */
        boolean letsPass(WorkerTask task, Member member);
    }

    /** Returns the same instance, but for its tasks; not those that ask members for something else than to compute or to pack. */
    public static HazelcastInstance of(HazelcastInstance real, Watcher watcher) {
        IExecutorService executor = StandIn.of(IExecutorService.class, (proxy, method, arguments) -> {
            boolean kept = method.getName().equals("submitToMember")
                    && !watcher.letsPass((WorkerTask) arguments[0], (Member) arguments[1]);
            return kept ? null : StandIn.ask(real.getExecutorService(GridNames.EXECUTOR), method, arguments);
        });
        return StandIn.of(HazelcastInstance.class, (proxy, method, arguments) -> {
            boolean ofTasks = method.getName().equals("getExecutorService") && arguments[0].equals(GridNames.EXECUTOR);
            return ofTasks ? executor : StandIn.ask(real, method, arguments);
        });
    }
}
