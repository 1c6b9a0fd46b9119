package org.expertgrid.cluster.models;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.expertgrid.cluster.errors.ModelNotFoundException;

/**
 * A process's claim on a model while it works on the model. The claim changes the record every few seconds until it is closed, so
 * members see that the process is alive. No clocks are compared: a record that has not changed for 30 s is treated as abandoned.
 *
 * <p>Safe for use by many threads.
 */
public final class Claim implements AutoCloseable {
    /** A record that has not changed for this long is treated as abandoned. */
    public static final long ABANDONED_SECONDS = 30;

    private static final Logger LOGGER = System.getLogger(Claim.class.getName());
    private static final long RENEW_SECONDS = 5;

    private final ModelMap models;
    private final String name;
    private final ScheduledExecutorService renewer;
    private ModelRecord record;
    private boolean lost;

    /** Takes a record that its holder has just put into the map. */
    public Claim(ModelMap models, String name, ModelRecord record) {
        this.models = models;
        this.name = name;
        this.record = record;
        this.renewer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "expertgrid." + name + ".claim");
            thread.setDaemon(true);
            return thread;
        });
        renewer.scheduleWithFixedDelay(this::renew, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Changes the record and returns what it is now.
     *
     * @throws ModelNotFoundException if another process has changed the record since; that process now owns the model
     */
    public synchronized ModelRecord change(UnaryOperator<ModelRecord> change) {
        check();
        ModelRecord changed = change.apply(record);
        if (!models.replace(name, record, changed)) {
            lost = true;
            check();
        }
        record = changed;
        return changed;
    }

    /** Throws if another process has changed the record. */
    public synchronized void check() {
        if (lost) {
            throw new ModelNotFoundException("model '" + name + "': undeployed, or given up for dead after "
                    + ABANDONED_SECONDS + " s of silence, while it was being worked on");
        }
    }

    private void renew() {
        try {
            change(ModelRecord::renewed);
        } catch (RuntimeException e) {
            // Lost, which the holder finds out at its next step; or a fault that passes before the next beat.
            LOGGER.log(Level.DEBUG, "the claim on model '" + name + "' was not renewed", e);
        }
    }

    /** Lets go of the record, in whatever state it is. */
    @Override
    public void close() {
        renewer.shutdownNow();
    }
}
