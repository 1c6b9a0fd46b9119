package org.expertgrid.cluster.models;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.expertgrid.cluster.errors.StoreException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.RetriedWrite;
import org.expertgrid.cluster.store.StoreFailure;

/**
 * The map of models. It throws a {@link StoreException} where a file of the store cannot be read or written.
 *
 * <p>A write may have been done although it failed. This class looks the record up, compares its version, and {@linkplain RetriedWrite repeats}
 * the write if it was not done.
 *
 * <p>Safe for use by many threads.
 */
public final class ModelMap {
    private final HazelcastInstance hazelcast;
    private final IMap<String, ModelRecord> models;

    public ModelMap(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.models = hazelcast.getMap(GridNames.MODELS);
    }

    /** Returns the records of all models by name, also those of other versions, but not those whose file is damaged. */
    public SortedMap<String, ModelRecord> all() {
        SortedMap<String, ModelRecord> all = new TreeMap<>();
        // One request for each member; IMap.forEach makes one for each partition.
        models.entrySet().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    /** Gives all models whose records could be read. */
    public void forEach(BiConsumer<String, ModelRecord> action) {
        all().forEach((name, record) -> {
            if (!record.isOfOtherVersion()) {
                action.accept(name, record);
            }
        });
    }

    /** Returns the record under a name, null where there is none. It may be of another version. */
    public ModelRecord get(String name) {
        return translated(() -> models.get(name));
    }

    /** Puts a record where there is none; returns null if it is there now, otherwise the one that is there instead. */
    public ModelRecord putIfAbsent(String name, ModelRecord record) {
        return settled(name, () -> {
            ModelRecord before = models.putIfAbsent(name, record);
            // Hazelcast's own repetition may find the record that it has put.
            return record.isVersionOf(before) ? null : before;
        });
    }

    /** Replaces that very record; returns whether the new one is there now. */
    public boolean replace(String name, ModelRecord record, ModelRecord by) {
        return settled(name, () -> models.replace(name, record, by) || by.isVersionOf(models.get(name)));
    }

    /** Removes that very record; returns whether there is none now. */
    public boolean remove(String name, ModelRecord record) {
        return settled(name, () -> models.remove(name, record) || models.get(name) == null);
    }

    private <T> T settled(String name, Supplier<T> write) {
        return RetriedWrite.untilDone(hazelcast, "the record of model '" + name + "'", () -> translated(write));
    }

    static <T> T translated(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (HazelcastException e) {
            if (StoreFailure.isBehind(e)) {
                throw new StoreException(e.getMessage(), e);
            }
            throw e;
        }
    }
}
