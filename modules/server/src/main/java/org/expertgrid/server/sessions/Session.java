package org.expertgrid.server.sessions;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.expertgrid.decoder.generation.FinishReason;
import org.expertgrid.decoder.generation.GenerationListener;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.server.openai.ApiException;

/**
 * One request while its texts are made. It ends with the last of them, with the first that fails, or when it is cancelled.
 *
 * <p>Safe for use by many threads. The receiver is called on the threads of an executor, never on the one that makes texts.
 */
public final class Session {
    private static final System.Logger LOG = System.getLogger(Session.class.getName());

    private final Sessions sessions;
    private final Receiver receiver;
    private final Executor serial;
    private final List<Runnable> cancels = new ArrayList<>();

    private int left;
    private boolean over;

    Session(Sessions sessions, Receiver receiver, int texts, Executor threads) {
        this.sessions = sessions;
        this.receiver = receiver;
        this.serial = new SerialExecutor(threads);
        this.left = texts;
    }

    /** Keeps what cancels one text, and calls it where the session is over already. */
    void cancels(Runnable cancel) {
        synchronized (this) {
            if (!over) {
                cancels.add(cancel);
                return;
            }
        }
        cancel.run();
    }

    /** Ends the session without telling the receiver; its texts end at their next step. */
    public void cancel() {
        List<Runnable> running;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            running = List.copyOf(cancels);
        }
        running.forEach(Runnable::run);
        sessions.ended(this);
    }

    /** Ends the session, and tells the receiver why. */
    void fail(ApiException cause) {
        serial.execute(() -> {
            if (isRunning()) {
                cancel();
                receiver.failed(cause);
            }
        });
    }

    void remindOfWaiting() {
        ifRunning(receiver::waiting);
    }

    private synchronized boolean isRunning() {
        return !over;
    }

    private void ifRunning(Runnable call) {
        if (!isRunning()) {
            // The threads may have been stopped.
            return;
        }
        serial.execute(() -> {
            if (isRunning()) {
                call.run();
            }
        });
    }

    /** Returns the listener of one text. */
    GenerationListener listener(int choice) {
        return new Listener(choice);
    }

    private final class Listener implements GenerationListener {
        private final int choice;
        private List<SampledToken> tokens = new ArrayList<>();

        Listener(int choice) {
            this.choice = choice;
        }

        @Override
        public void token(SampledToken token) {
            tokens.add(token);
        }

        @Override
        public void text(String piece) {
            List<SampledToken> those = taken();
            ifRunning(() -> receiver.piece(choice, piece, those));
        }

        private List<SampledToken> taken() {
            List<SampledToken> those = tokens;
            tokens = new ArrayList<>();
            return those;
        }

        @Override
        public void ended(GenerationResult result) {
            List<SampledToken> those = taken();
            if (result.finishReason() == FinishReason.DEADLINE) {
                fail(ApiException.unavailable("The answer took longer than a request may.", Sessions.RETRY_AFTER));
            } else {
                ifRunning(() -> end(choice, result, those));
            }
        }

        @Override
        public void failed(Throwable cause) {
            fail(cause(cause));
        }
    }

    private void end(int choice, GenerationResult result, List<SampledToken> tokens) {
        receiver.ended(choice, result, tokens);
        synchronized (this) {
            left--;
            over = left == 0;
        }
        if (!isRunning()) {
            sessions.ended(this);
            receiver.completed();
        }
    }

    /** The log has the internal error; the message to the client has no names of machines in it. */
    private static ApiException cause(Throwable cause) {
        LOG.log(Level.WARNING, "a text failed: " + cause);
        return cause instanceof ExpertgridException || cause instanceof IllegalStateException
                ? ApiException.unavailable("The model cannot be computed at the moment.", Sessions.RETRY_AFTER)
                : ApiException.internal();
    }
}
