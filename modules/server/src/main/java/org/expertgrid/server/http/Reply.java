package org.expertgrid.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.openai.Json;
import org.expertgrid.server.replies.Output;

/**
 * Sends one reply. What is to be sent waits in a queue for the client to take it; where that becomes longer than {@value #MOST_UNSENT} bytes, or the client
 * is gone, the reply ends.
 *
 * <p>Safe for use by many threads. No call waits.
 */
final class Reply implements Output {
    static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final int MOST_UNSENT = 4 << 20;
    /** How long a client has to read an error before the connection is cut: a browser drops what it has not read by then. */
    private static final long READING_MILLIS = 1000;

    private final Response response;
    private final Callback callback;
    private final Queue<byte[]> unsent = new ArrayDeque<>();

    private volatile boolean streams;
    private Runnable whenGone = () -> {};
    private Runnable whenDone = () -> {};
    private int unsentBytes;
    private boolean begun;
    private boolean sending;
    private boolean last;
    private volatile boolean cut;
    private boolean over;

    Reply(Response response, Callback callback) {
        this.response = response;
        this.callback = callback;
    }

    /** Makes this a stream of events; must be called before anything is sent. */
    void stream() {
        streams = true;
    }

    /** Sets a header; must be called before anything is sent. */
    void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /** Sets what is called when the reply has ended without reaching the client: at once where it has ended already. */
    void whenGone(Runnable call) {
        boolean gone;
        synchronized (this) {
            whenGone = call;
            gone = over;
        }
        if (gone) {
            call.run();
        }
    }

    /** Sets what is called once when the reply has ended in any way. */
    synchronized void whenDone(Runnable call) {
        whenDone = call;
    }

    @Override
    public void event(Object json) {
        send(200, EVENTS, event(Json.bytes(json)), false);
    }

    private static byte[] event(byte[] data) {
        ByteBuffer event = ByteBuffer.allocate(data.length + 8);
        event.put("data: ".getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .put((byte) '\n')
                .put((byte) '\n');
        return event.array();
    }

    @Override
    public void endOfEvents() {
        send(200, EVENTS, event("[DONE]".getBytes(StandardCharsets.US_ASCII)), true);
    }

    @Override
    public void whole(Object json) {
        bytes(200, JSON, Json.bytes(json));
    }

    /** Sends a whole reply. */
    void bytes(int status, String type, byte[] body) {
        synchronized (this) {
            if (!begun) {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            }
        }
        send(status, type, body, true);
    }

    @Override
    public void error(ApiException cause) {
        byte[] body = Json.bytes(cause.body());
        synchronized (this) {
            cut = begun;
            if (!begun) {
                cause.retryAfter()
                        .ifPresent(after -> response.getHeaders()
                                .put(HttpHeader.RETRY_AFTER, Long.toString(Math.max(1, after.toSeconds()))));
                if (cause.status() == 401) {
                    response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
                }
            }
        }
        if (cut) {
            send(200, EVENTS, streams ? event(body) : new byte[0], true);
        } else {
            bytes(cause.status(), JSON, body);
        }
    }

    /** A comment in a stream; a blank before JSON. */
    @Override
    public void ping() {
        if (streams) {
            send(200, EVENTS, ": ping\n\n".getBytes(StandardCharsets.US_ASCII), false);
        } else {
            send(200, JSON, new byte[] {'\n'}, false);
        }
    }

    private void send(int status, String type, byte[] bytes, boolean isLast) {
        boolean idle;
        boolean tooMuch;
        synchronized (this) {
            if (over || last) {
                return;
            }
            if (!begun) {
                begun = true;
                response.setStatus(status);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            }
            unsent.add(bytes);
            unsentBytes += bytes.length;
            last = isLast;
            idle = !sending;
            sending = true;
            tooMuch = unsentBytes > MOST_UNSENT;
        }
        if (tooMuch) {
            end(new SlowClientException());
        } else if (idle) {
            sendNext();
        }
    }

    private void sendNext() {
        ByteBuffer next;
        boolean finished;
        synchronized (this) {
            if (over) {
                return;
            }
            if (unsent.isEmpty()) {
                sending = false;
                return;
            }
            next = taken();
            finished = last;
        }
        response.write(finished && !cut, next, Callback.from(() -> sent(finished), this::end));
    }

    /** Takes everything that waits as one block. */
    private ByteBuffer taken() {
        ByteBuffer all = ByteBuffer.allocate(unsentBytes);
        unsent.forEach(all::put);
        unsent.clear();
        unsentBytes = 0;
        return all.flip();
    }

    private void sent(boolean finished) {
        if (!finished) {
            sendNext();
        } else if (cut) {
            CompletableFuture.delayedExecutor(READING_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> end(new CutReplyException()));
        } else {
            end(null);
        }
    }

    /** Ends the reply; with a failure, the connection is closed without the end of the body. */
    private void end(Throwable failure) {
        Runnable gone;
        Runnable done;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            gone = failure == null ? () -> {} : whenGone;
            done = whenDone;
        }
        if (failure == null) {
            callback.succeeded();
        } else {
            callback.failed(failure);
        }
        gone.run();
        done.run();
    }

    /** Ends a reply of which the client must not take what has come for the whole. */
    private static final class CutReplyException extends Exception {
        private static final long serialVersionUID = 1L;

        CutReplyException() {
            super("the reply failed after its beginning", null, false, false);
        }
    }

    /** Ends a reply that the client does not take. */
    private static final class SlowClientException extends Exception {
        private static final long serialVersionUID = 1L;

        SlowClientException() {
            super("the client does not read its reply", null, false, false);
        }
    }
}
