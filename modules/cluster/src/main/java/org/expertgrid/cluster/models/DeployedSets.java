package org.expertgrid.cluster.models;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryLoadedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;

/**
 * The records of all models by the ids of their sets of shards, as one member follows them: a task names a set, and its definition is
 * found here without asking the map of models.
 *
 * <p>A record that this member has not heard of yet is looked for in the map once. Safe for use by many threads.
 */
public final class DeployedSets
        implements EntryAddedListener<String, ModelRecord>,
                EntryUpdatedListener<String, ModelRecord>,
                EntryLoadedListener<String, ModelRecord>,
                EntryRemovedListener<String, ModelRecord> {
    private final IMap<String, ModelRecord> models;
    /** The newest record of each name that this member has heard of. */
    private final Map<String, ModelRecord> records = new ConcurrentHashMap<>();

    private final Map<UUID, Deployed> sets = new ConcurrentHashMap<>();

    private DeployedSets(IMap<String, ModelRecord> models) {
        this.models = models;
    }

    /** Follows the records for as long as the member runs. */
    public static DeployedSets of(HazelcastInstance member) {
        DeployedSets sets = new DeployedSets(member.getMap(GridNames.MODELS));
        sets.models.addEntryListener(sets, true);
        return sets;
    }

    /**
     * A set of shards.
     *
     * @param record the record that names it
     * @param set the set
     */
    public record Deployed(ModelRecord record, ShardSet set) {
        public ModelDefinition definition() {
            return record.definition();
        }

        /** Returns whether it is the set that callers ask now. */
        public boolean answers() {
            return record.isReady() && record.shards().deployment().equals(set.deployment());
        }
    }

    /** Returns a set of shards that this member has heard of; does not ask the map. */
    public Optional<Deployed> known(UUID deployment) {
        return Optional.ofNullable(sets.get(deployment));
    }

    /** Returns a set of shards, or nothing where no record names it. */
    public Optional<Deployed> find(UUID deployment) {
        Deployed known = sets.get(deployment);
        if (known == null) {
            readAll();
            known = sets.get(deployment);
        }
        return Optional.ofNullable(known);
    }

    /** Returns all sets that this member has heard of; does not ask the map. */
    public Collection<Deployed> known() {
        return List.copyOf(sets.values());
    }

    /** Returns all sets, as the map of models has them now. */
    public Collection<Deployed> all() {
        readAll();
        return List.copyOf(sets.values());
    }

    private void readAll() {
        Collection<String> before = List.copyOf(records.keySet());
        Map<String, ModelRecord> now = new ConcurrentHashMap<>();
        models.entrySet().forEach(entry -> now.put(entry.getKey(), entry.getValue()));
        before.stream().filter(name -> !now.containsKey(name)).forEach(this::remove);
        now.forEach(this::put);
    }

    private synchronized void put(String name, ModelRecord record) {
        ModelRecord before = records.get(name);
        if (before != null && before.id().equals(record.id()) && before.version() > record.version()) {
            return;
        }
        records.put(name, record);
        if (before != null) {
            before.allSets().forEach(set -> sets.remove(set.deployment()));
        }
        record.allSets().forEach(set -> sets.put(set.deployment(), new Deployed(record, set)));
    }

    private synchronized void remove(String name) {
        ModelRecord before = records.remove(name);
        if (before != null) {
            before.allSets().forEach(set -> sets.remove(set.deployment()));
        }
    }

    @Override
    public void entryAdded(EntryEvent<String, ModelRecord> event) {
        put(event.getKey(), event.getValue());
    }

    @Override
    public void entryUpdated(EntryEvent<String, ModelRecord> event) {
        put(event.getKey(), event.getValue());
    }

    @Override
    public void entryLoaded(EntryEvent<String, ModelRecord> event) {
        put(event.getKey(), event.getValue());
    }

    @Override
    public void entryRemoved(EntryEvent<String, ModelRecord> event) {
        remove(event.getKey());
    }
}
