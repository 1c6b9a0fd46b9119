package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryUpdatedListener;
import java.util.UUID;
import org.expertgrid.cluster.deploying.ModelLookup;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.models.ModelRecord;

/**
 * The record of a model as one handle knows it. It changes to the record of another set of shards when the model has moved; the old
 * set is removed when no caller asks for it.
 *
 * <p>Safe for use by many threads.
 */
final class FollowedRecord implements AutoCloseable {
    private final HazelcastInstance hazelcast;
    private final ModelLookup lookup;
    private final IMap<String, ModelRecord> models;
    private final UUID listener;
    private volatile ModelRecord record;

    /** Follows a model from a record that is READY. */
    FollowedRecord(HazelcastInstance hazelcast, String name, ModelRecord record) {
        this.hazelcast = hazelcast;
        this.lookup = new ModelLookup(hazelcast, name);
        this.models = hazelcast.getMap(GridNames.MODELS);
        this.record = record;
        EntryUpdatedListener<String, ModelRecord> follower = event -> follow(event.getValue());
        this.listener = models.addEntryListener(follower, name, true);
        try {
            // The model may have moved before the listener was added.
            follow(models.get(name));
        } catch (RuntimeException e) {
            stopListening(e);
            throw e;
        }
    }

    /** Removes the listener of a handle that could not be made. A failure to remove it is added to the reason. */
    private void stopListening(RuntimeException why) {
        try {
            models.removeEntryListener(listener);
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private void follow(ModelRecord now) {
        if (now != null && now.isReady() && now.id().equals(record.id()) && now.version() > record.version()) {
            record = now;
        }
    }

    /** Returns the record that forwards use. Asks no member. */
    ModelRecord get() {
        return record;
    }

    /**
     * Looks the record up, because the listener may have missed an event, and has forwards use it.
     *
     * @throws ModelNotFoundException if the model has been undeployed
     */
    void refresh() {
        record = current();
    }

    /**
     * Looks the record up for one use.
     *
     * @throws ModelNotFoundException if the model has been undeployed
     */
    ModelRecord current() {
        return lookup.current(record);
    }

    /** Ends following; the model stays. */
    @Override
    public void close() {
        if (hazelcast.getLifecycleService().isRunning()) {
            models.removeEntryListener(listener);
        }
    }
}
