package org.expertgrid.cli.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** Resources that are closed together, the last one first. For one thread. */
public final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> lastFirst = new ArrayDeque<>();

    /** Adds a resource, and returns it. */
    public <T extends AutoCloseable> T add(T resource) {
        lastFirst.push(resource);
        return resource;
    }

    /** Closes all of them because of an exception, to which exceptions of closing are added. */
    public void closeAfter(Throwable thrown) {
        while (!lastFirst.isEmpty()) {
            try {
                lastFirst.pop().close();
            } catch (Exception e) {
                thrown.addSuppressed(e);
            }
        }
    }

    /** Closes all of them, also when some cannot be closed; throws the exception of the first of these. */
    @Override
    public void close() {
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
}
