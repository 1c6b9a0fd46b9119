package org.expertgrid.cli.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Resources that are closed together, the last one first.
 *
 * <p>Safe for use by many threads.
 */
public final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> lastFirst = new ArrayDeque<>();

    /** Adds a resource, and returns it. */
    public synchronized <T extends AutoCloseable> T add(T resource) {
        lastFirst.push(resource);
        return resource;
    }

    /** Starts a resource, adds it, and returns it; closing waits for that, so that it leaves nothing that has begun to start. */
    public synchronized <T extends AutoCloseable> T start(Supplier<T> start) {
        return add(start.get());
    }

    /** Closes all of them because of an exception, to which exceptions of closing are added. */
    public void closeAfter(Throwable thrown) {
        closeAll(thrown::addSuppressed);
    }

    /** Closes all of them, also when some cannot be closed; throws the exception of the first of these. */
    @Override
    public synchronized void close() {
        while (!lastFirst.isEmpty()) {
            try {
                lastFirst.pop().close();
            } catch (Exception e) {
                RuntimeException thrown = e instanceof RuntimeException one ? one : new IllegalStateException(e);
                closeAfter(thrown);
                throw thrown;
            }
        }
    }

    /**
     * Closes all of them, also when some cannot be closed.
     *
     * @param failed takes what closing has thrown
     */
    synchronized void closeAll(Consumer<Throwable> failed) {
        while (!lastFirst.isEmpty()) {
            try {
                lastFirst.pop().close();
            } catch (Exception | Error e) {
                failed.accept(e);
            }
        }
    }
}
