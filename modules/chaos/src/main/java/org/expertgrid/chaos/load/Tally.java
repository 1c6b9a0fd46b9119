package org.expertgrid.chaos.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.chaos.faults.FaultKind;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.status.MoeStatistics;

/**
 * Counts the answers that all callers receive, what is wrong in them, and the failures, and keeps the longest gap between two answers during each fault.
 *
 * <p>Safe for use by many threads.
 */
public final class Tally {
    private static final int FAILURES_KEPT = 20;

    private final List<Window> windows = new ArrayList<>(List.of(new Window(null, Duration.ZERO, "")));
    private final List<Failure> failures = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Waits waits = new Waits();
    private final Answers kind;
    private long answers;
    private long wrong;
    private long failed;
    private long hedges;
    private long hedgesWon;
    private long hedgesWasted;

    /**
     * A failed call or a wrong answer.
     *
     * @param who the caller
     * @param during the fault at that time, null for none
     * @param what the failure in words
     * @param thrown the exception, or null
     */
    public record Failure(String who, FaultKind during, String what, Throwable thrown) {}

    /**
     * The time of one fault, or between two faults.
     *
     * @param kind the fault, null for none
     * @param longestGap the longest gap between two answers of one caller, of the gaps that ended in this window
     * @param waited the caller of the longest gap, and what forwards were doing during it; nothing where no samples were taken
     */
    public record Window(FaultKind kind, Duration longestGap, String waited) {
        @Override
        public String toString() {
            return (kind == null ? "nothing" : Output.text(kind)) + " " + longestGap.toMillis() + " ms";
        }
    }

    public Tally(Answers kind) {
        this.kind = kind;
    }

    /** Begins the window of a fault; null begins a window without one. */
    public synchronized void begin(FaultKind kind) {
        windows.add(new Window(kind, Duration.ZERO, ""));
    }

    /** Counts an answer, and the gap since the same caller's previous one. */
    public synchronized void completed(String who, Duration gap, int wrongInIt) {
        answers++;
        wrong += wrongInIt;
        if (wrongInIt > 0) {
            keep(who, wrongInIt + " wrong " + kind.compared(), null);
        }
        int now = windows.size() - 1;
        Window window = windows.get(now);
        if (gap.compareTo(window.longestGap()) > 0) {
            String places = waits.since(System.nanoTime() - gap.toNanos());
            windows.set(now, new Window(window.kind(), gap, places.isEmpty() ? "" : who + ", " + places));
        }
    }

    /** Samples what forwards in this JVM are doing; for use while an answer takes long. */
    void sampleWaits() {
        waits.sample();
    }

    /** Counts a call that threw or does not return. */
    public synchronized void failed(String who, String what, Throwable thrown) {
        failed++;
        keep(who, what, thrown);
    }

    /** Notes a deployment that was refused with a reason. That is no failure while a member is lost. */
    public synchronized void refused(String who, Throwable thrown) {
        refusals.add(who + ": " + thrown.getMessage());
    }

    /** Adds what a caller's handle has counted until it was closed. */
    public synchronized void add(MoeStatistics statistics) {
        hedges += statistics.hedges();
        hedgesWon += statistics.hedgesWon();
        hedgesWasted += statistics.hedgesWasted();
    }

    private void keep(String who, String what, Throwable thrown) {
        if (failures.size() < FAILURES_KEPT) {
            failures.add(new Failure(who, windows.get(windows.size() - 1).kind(), what, thrown));
        }
    }

    /** Returns what is counted. */
    public Answers kind() {
        return kind;
    }

    public synchronized long answers() {
        return answers;
    }

    /** Returns how many wrong rows or texts there were. */
    public synchronized long wrong() {
        return wrong;
    }

    public synchronized long failed() {
        return failed;
    }

    /** Returns how many tasks went to holders of backups because an answer was late. */
    public synchronized long hedges() {
        return hedges;
    }

    public synchronized long hedgesWon() {
        return hedgesWon;
    }

    public synchronized long hedgesWasted() {
        return hedgesWasted;
    }

    public synchronized Duration longestGap() {
        return longest(windows);
    }

    /** Returns the longest gap outside of faults. */
    public synchronized Duration longestUndisturbed() {
        return longest(windows.stream().filter(window -> window.kind() == null).toList());
    }

    /** Returns, for each kind of fault, the longest gap that ended during it. */
    public synchronized Map<FaultKind, Duration> gaps() {
        Map<FaultKind, Duration> gaps = new EnumMap<>(FaultKind.class);
        windows.stream()
                .filter(window -> window.kind() != null)
                .forEach(window -> gaps.merge(
                        window.kind(), window.longestGap(), (one, other) -> one.compareTo(other) > 0 ? one : other));
        return gaps;
    }

    /** Returns all windows in their order. */
    public synchronized List<Window> windows() {
        return List.copyOf(windows);
    }

    /** Returns the longest gap of each window in which waits were sampled, and what forwards were doing during it. */
    public synchronized List<String> longestGaps() {
        return windows.stream()
                .filter(window -> !window.waited().isEmpty())
                .map(window -> window + ": " + window.waited())
                .toList();
    }

    private static Duration longest(List<Window> windows) {
        return windows.stream().map(Window::longestGap).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Returns the refused deployments with their reasons. */
    public synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Returns the first failures and wrong answers. */
    public synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }
}
