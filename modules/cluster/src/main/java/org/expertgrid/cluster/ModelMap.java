package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.expertgrid.experts.BadFileException;

/**
 * The map of models. What it cannot do because of a file in the store is a {@link BadFileException} that names it.
 *
 * <p>A write may have been done although it failed. What came of it is looked up here, by the version that every change of a record
 * has, and it is {@linkplain Repetition repeated} where nothing did.
 *
 * <p>Safe for use by many threads.
 */
final class ModelMap {
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

    private <T> T settled(String name, Supplier<T> write) {
        return Repetition.untilDone(hazelcast, "the record of model '" + name + "'", () -> translated(write));
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
