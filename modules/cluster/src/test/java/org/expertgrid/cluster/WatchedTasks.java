package org.expertgrid.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Hazelcast instances whose tasks for members go past somebody who watches them, and may keep them: they are never heard of again. */
final class WatchedTasks {
    private WatchedTasks() {}

    interface Watcher {
        /** Returns whether a task goes on to its member. */
        boolean letsPass(WorkerTask task, Member member);
    }

    /** Returns the same instance, but for its tasks; not those that ask members for something else than to compute or to pack. */
    static HazelcastInstance of(HazelcastInstance real, Watcher watcher) {
        return fake(HazelcastInstance.class, real, (method, arguments) -> {
            if (!method.equals("getExecutorService") || !arguments[0].equals(ExpertgridConfig.EXECUTOR)) {
                return null;
            }
            IExecutorService executor = real.getExecutorService(ExpertgridConfig.EXECUTOR);
            return fake(IExecutorService.class, executor, (submit, task) -> {
                boolean kept =
                        submit.equals("submitToMember") && !watcher.letsPass((WorkerTask) task[0], (Member) task[1]);
                return kept ? "kept" : null;
            });
        });
    }

    private interface Replacement {
        /** Returns what a method gives instead, or null where it is to be asked itself. */
        Object of(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, T real, Replacement replacement) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object instead = replacement.of(method.getName(), arguments == null ? new Object[0] : arguments);
                    if (instead != null) {
                        return method.getReturnType() == void.class ? null : instead;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
