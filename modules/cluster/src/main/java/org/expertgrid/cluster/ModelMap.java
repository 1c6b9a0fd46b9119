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
 * <p>Safe for use by many threads.
 */
final class ModelMap {
    private final IMap<String, ModelRecord> models;

    ModelMap(HazelcastInstance hazelcast) {
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

    ModelRecord putIfAbsent(String name, ModelRecord record) {
        return translated(() -> models.putIfAbsent(name, record));
    }

    boolean replace(String name, ModelRecord record, ModelRecord by) {
        return translated(() -> models.replace(name, record, by));
    }

    boolean remove(String name, ModelRecord record) {
        return translated(() -> models.remove(name, record));
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
