package org.expertgrid.chaos.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The callers that run while faults happen. */
public final class Verifiers implements AutoCloseable {
    private static final long POLL_MILLIS = 5;
    private static final long SAMPLING_MILLIS = 20;
    private static final Duration LONG_WAIT = Duration.ofMillis(200);

    private final List<Verifier> verifiers;
    private final Duration patience;
    private final Tally tally;
    private final Thread sampler;

    /**
     * Takes verifiers that are running.
     *
     * @param patience how long an answer may take before it counts as hanging
     */
    public Verifiers(List<Verifier> verifiers, Duration patience, Tally tally) {
        this.verifiers = List.copyOf(verifiers);
        this.patience = patience;
        this.tally = tally;
        this.sampler = new Thread(this::sampleLongWaits, "expertgrid.sampler");
        sampler.setDaemon(true);
        sampler.start();
    }

    private void sampleLongWaits() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(SAMPLING_MILLIS);
                if (verifiers.stream().anyMatch(verifier -> verifier.waiting().compareTo(LONG_WAIT) > 0)) {
                    tally.sampleWaits();
                }
            }
        } catch (InterruptedException e) {
            // the verifiers have been closed
        }
    }

    /**
     * Returns when each verifier has received that many more answers.
     *
     * @throws BrokenOffException if a verifier hangs, which the tally then counts as a failed call, or if all its calls have
     *     failed for as long
     */
    public void awaitAnswers(int more) {
        List<Long> before = verifiers.stream().map(Verifier::completed).toList();
        for (int i = 0; i < verifiers.size(); i++) {
            Verifier verifier = verifiers.get(i);
            while (verifier.completed() < before.get(i) + more) {
                expectAnswers(verifier);
                pause();
            }
        }
    }

    private void expectAnswers(Verifier verifier) {
        if (verifier.waiting().compareTo(patience) > 0) {
            throw hangs(verifier);
        }
        if (verifier.failing() && verifier.unanswered().compareTo(patience) > 0) {
            throw new BrokenOffException("caller " + verifier.name() + ": every call has failed for "
                    + verifier.unanswered().toSeconds() + " s");
        }
    }

    private BrokenOffException hangs(Verifier verifier) {
        String what = "no answer for " + verifier.waiting().toSeconds() + " s, and no error";
        tally.failed(verifier.name(), what, null);
        return new BrokenOffException("caller " + verifier.name() + ": " + what);
    }

    /**
     * Ends the calls.
     *
     * @throws BrokenOffException if a verifier hangs, which the tally then counts as a failed call
     */
    public void finish() {
        for (Verifier verifier : verifiers) {
            if (!verifier.close(patience)) {
                throw hangs(verifier);
            }
        }
    }

    public static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenOffException("interrupted");
        }
    }

    /** Ends all verifiers, also those that hang. */
    @Override
    public void close() {
        verifiers.forEach(Verifier::close);
        sampler.interrupt();
    }
}
