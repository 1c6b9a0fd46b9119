package org.expertgrid.chaos.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Those who call while faults happen. */
public final class Verifiers implements AutoCloseable {
    private static final long POLL_MILLIS = 5;

    private final List<Verifier> witnesses;
    private final Duration patience;
    private final Tally tally;

    /**
     * Takes witnesses that have begun.
     *
     * @param patience after how long without an answer a forward hangs
     */
    public Verifiers(List<Verifier> witnesses, Duration patience, Tally tally) {
        this.witnesses = List.copyOf(witnesses);
        this.patience = patience;
        this.tally = tally;
    }

    /**
     * Returns when each has had that many answers more.
     *
     * @throws BrokenOffException if one of them hangs, which is then a failed forward of the tally, or has had nothing but failures
     *     for as long
     */
    public void awaitAnswers(int more) {
        List<Long> before = witnesses.stream().map(Verifier::completed).toList();
        for (int i = 0; i < witnesses.size(); i++) {
            Verifier witness = witnesses.get(i);
            while (witness.completed() < before.get(i) + more) {
                expectAnswers(witness);
                pause();
            }
        }
    }

    private void expectAnswers(Verifier witness) {
        if (witness.waiting().compareTo(patience) > 0) {
            throw hangs(witness);
        }
        if (witness.failing() && witness.unanswered().compareTo(patience) > 0) {
            throw new BrokenOffException("caller " + witness.name() + ": every forward has failed for "
                    + witness.unanswered().toSeconds() + " s");
        }
    }

    private BrokenOffException hangs(Verifier witness) {
        String what = "no answer for " + witness.waiting().toSeconds() + " s, and no error";
        tally.failed(witness.name(), what, null);
        return new BrokenOffException("caller " + witness.name() + ": " + what);
    }

    /**
     * Has them stop calling.
     *
     * @throws BrokenOffException if one of them hangs, which is then a failed forward of the tally
     */
    public void finish() {
        for (Verifier witness : witnesses) {
            if (!witness.close(patience)) {
                throw hangs(witness);
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

    /** Ends them, those too that hang. */
    @Override
    public void close() {
        witnesses.forEach(Verifier::close);
    }
}
