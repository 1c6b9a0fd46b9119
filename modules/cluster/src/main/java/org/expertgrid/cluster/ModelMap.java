package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.expertgrid.experts.BadFileException;
import org.expertgrid.experts.ExpertgridException;

/**
 * The map of models. What it cannot do because of a file in the store is a {@link BadFileException} that names it.
 *
 * <p>A write may have been done although it failed: a member that is lost takes its answer with it, and clients do not repeat
 * writes. What came of it is looked up here, by the version that every change of a record has, and it is repeated where nothing did.
 *
 * <p>Safe for use by many threads.
 */
final class ModelMap {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final HazelcastInstance hazelcast;
    private final IMap<String, ModelRecord> models;

    ModelMap(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.models = hazelcast.getMap(ExpertgridConfig.MODELS);
    }

    /** Returns the names of all models whose records could be read. */
    Set<String> keySet() {
        return models.keySet();
    }

    /** Gives all models whose records could be read. */
    void forEach(BiConsumer<String, ModelRecord> action) {
        models.forEach(entry -> action.accept(entry.getKey(), entry.getValue()));
    }

    ModelRecord get(String name) {
        return translated(() -> models.get(name));
    }

    /** Puts a record where there is none; returns null if it is there now, otherwise the one that is there instead. */
    ModelRecord putIfAbsent(String name, ModelRecord record) {
        return settled(name, () -> {
            ModelRecord before = models.putIfAbsent(name, record);
            // Hazelcast's own repetition may find the record that it has put.
            return record.isVersionOf(before) ? null : before;
        });
    }

    /** Replaces that very record; returns whether the new one is there now. */
    boolean replace(String name, ModelRecord record, ModelRecord by) {
        return settled(name, () -> models.replace(name, record, by) || by.isVersionOf(models.get(name)));
    }

    /** Removes that very record; returns whether there is none now. */
    boolean remove(String name, ModelRecord record) {
        return settled(name, () -> models.remove(name, record) || models.get(name) == null);
    }

    /** Does what is right however often it is done, until it is known to be done. */
    private <T> T settled(String name, Supplier<T> write) {
        Deadline deadline = Deadline.inMillis(PATIENCE_MILLIS);
        while (true) {
            try {
                return translated(write);
            } catch (HazelcastException | IllegalStateException e) {
                if (!Faults.mayPass(e, hazelcast)) {
                    throw e;
                }
                if (deadline.passed() || Thread.currentThread().isInterrupted()) {
                    throw new ExpertgridException(
                            "model '" + name + "': its record cannot be changed (expected: a cluster that answers): "
                                    + e,
                            e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static <T> T translated(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (HazelcastException e) {
            if (StoreFailure.isBehind(e)) {
                throw new BadFileException(e.getMessage(), e);
            }
            throw e;
        }
    }
}
