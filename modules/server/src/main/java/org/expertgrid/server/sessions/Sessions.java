package org.expertgrid.server.sessions;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.expertgrid.decoder.batching.QueueFullException;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.server.metrics.GenerationMeters;
import org.expertgrid.server.openai.ApiException;

/**
 * All requests whose texts are being made.
 *
 * <p>Safe for use by many threads.
 */
public final class Sessions {
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Engine engine;
    private final GenerationMeters meters;
    private final Executor threads;
    private final Set<Session> running = ConcurrentHashMap.newKeySet();
    private boolean closing;

    /**
     * Begins without a request.
     *
     * @param threads on which receivers are called
     */
    public Sessions(Engine engine, GenerationMeters meters, Executor threads) {
        this.engine = engine;
        this.meters = meters;
        this.threads = threads;
    }

    /**
     * Begins the texts of a request.
     *
     * @throws ApiException if too many texts are waiting, if a text cannot be made, or if this is closing; no text goes on then
     */
    public Session open(List<GenerationRequest> texts, Receiver receiver) {
        Session session = new Session(this, receiver, texts.size(), threads);
        synchronized (this) {
            if (closing) {
                throw shuttingDown();
            }
            running.add(session);
        }
        try {
            for (int i = 0; i < texts.size(); i++) {
                GenerationListener listener = meters.measure(session.listener(i));
                session.cancels(engine.submit(texts.get(i), listener));
            }
            return session;
        } catch (QueueFullException e) {
            session.cancel();
            throw ApiException.queueFull(RETRY_AFTER);
        } catch (IllegalArgumentException e) {
            session.cancel();
            throw ApiException.badRequest(e.getMessage(), null, null);
        } catch (IllegalStateException e) {
            session.cancel();
            throw shuttingDown();
        }
    }

    private static ApiException shuttingDown() {
        return ApiException.unavailable("The server is shutting down.", RETRY_AFTER);
    }

    synchronized void ended(Session session) {
        running.remove(session);
        notifyAll();
    }

    /** Tells the receivers of all requests that texts are still coming. */
    public void remindOfWaiting() {
        running.forEach(Session::remindOfWaiting);
    }

    /** Returns whether requests are still taken. */
    public synchronized boolean isOpen() {
        return !closing;
    }

    /** Takes no more requests, waits until the running ones have ended, and fails those that have not after the grace period. */
    public void close(Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        synchronized (this) {
            closing = true;
            try {
                long left = end - System.nanoTime();
                while (!running.isEmpty() && left > 0) {
                    // Rounded up: a wait of 0 would have no end.
                    wait(left / 1_000_000 + 1);
                    left = end - System.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        running.forEach(session -> session.fail(shuttingDown()));
    }
}
