package org.expertgrid.cluster.workarounds;

import java.util.function.Supplier;

/**
 * Repeats a workaround for as long as this Hazelcast has the classes that it uses. Where one is missing, it writes one warning to the
 * log and does nothing from then on.
 *
 * <p>For one thread.
 */
public final class GuardedWorkaround implements Runnable {
    private static final System.Logger LOGGER = System.getLogger(GuardedWorkaround.class.getName());

    private final String name;
    private final String consequence;
    private Runnable workaround;

    /**
     * Makes a workaround and runs it once, which loads the classes that it uses.
     *
     * @param name what it is called in the log
     * @param consequence what happens without it
     * @param maker makes it; like its runs, may throw a {@link LinkageError} or a {@link ClassCastException} on another Hazelcast
     */
    public GuardedWorkaround(String name, String consequence, Supplier<Runnable> maker) {
        this.name = name;
        this.consequence = consequence;
        this.workaround = () -> {
            Runnable made = maker.get();
            made.run();
            workaround = made;
        };
        run();
    }

    @Override
    public void run() {
        try {
            workaround.run();
        } catch (LinkageError | ClassCastException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    name + ": not on this version of Hazelcast (" + e + "); " + consequence);
            workaround = () -> {};
        }
    }
}
