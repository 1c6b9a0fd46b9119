package org.expertgrid.chaos.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.chaos.faults.FaultKind;
import org.expertgrid.cli.output.Output;

/**
 * What callers went through: how many forwards, how many of them wrong or failed, and how long they waited during which fault.
 *
 * <p>Safe for use by many threads.
 */
public final class Tally {
    private static final int FAILURES_KEPT = 20;

    private final List<Window> windows = new ArrayList<>(List.of(new Window(null, Duration.ZERO)));
    private final List<Failure> failures = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private long forwards;
    private long wrongRows;
    private long failed;

    /**
     * Something that must not be.
     *
     * @param who the caller that it happened to
     * @param during the fault during which it happened, null while nothing else did
     * @param what in words
     * @param thrown what was thrown, or null
     */
    public record Failure(String who, FaultKind during, String what, Throwable thrown) {}

    /**
     * A time in which one thing happened.
     *
     * @param kind what, null for nothing
     * @param longestGap the longest that a caller waited of those who had an answer in it
     */
    public record Window(FaultKind kind, Duration longestGap) {
        private Window with(Duration gap) {
            return gap.compareTo(longestGap) > 0 ? new Window(kind, gap) : this;
        }

        @Override
        public String toString() {
            return (kind == null ? "nothing" : Output.text(kind)) + " " + longestGap.toMillis() + " ms";
        }
    }

    /** From now on gaps are this fault's; nobody's where it is null. */
    public synchronized void begin(FaultKind kind) {
        windows.add(new Window(kind, Duration.ZERO));
    }

    /** Takes a forward that returned, so long after the same caller's last one. */
    public synchronized void completed(String who, Duration gap, int wrong) {
        forwards++;
        wrongRows += wrong;
        if (wrong > 0) {
            keep(who, wrong + " wrong rows", null);
        }
        int now = windows.size() - 1;
        windows.set(now, windows.get(now).with(gap));
    }

    /** Takes a forward that threw, or that does not return. */
    public synchronized void failed(String who, String what, Throwable thrown) {
        failed++;
        keep(who, what, thrown);
    }

    /** Takes a deployment that was refused for a reason that it gives, as one may be while members are lost. */
    public synchronized void refused(String who, Throwable thrown) {
        refusals.add(who + ": " + thrown.getMessage());
    }

    private void keep(String who, String what, Throwable thrown) {
        if (failures.size() < FAILURES_KEPT) {
            failures.add(new Failure(who, windows.get(windows.size() - 1).kind(), what, thrown));
        }
    }

    public synchronized long forwards() {
        return forwards;
    }

    public synchronized long wrongRows() {
        return wrongRows;
    }

    public synchronized long failed() {
        return failed;
    }

    public synchronized Duration longestGap() {
        return longest(windows);
    }

    /** Returns the longest gap while nothing happened. */
    public synchronized Duration longestUndisturbed() {
        return longest(windows.stream().filter(window -> window.kind() == null).toList());
    }

    /** Returns the longest gap of any caller by the fault during which it ended. */
    public synchronized Map<FaultKind, Duration> gaps() {
        Map<FaultKind, Duration> gaps = new EnumMap<>(FaultKind.class);
        windows.stream()
                .filter(window -> window.kind() != null)
                .forEach(window -> gaps.merge(
                        window.kind(), window.longestGap(), (one, other) -> one.compareTo(other) > 0 ? one : other));
        return gaps;
    }

    /** Returns all that happened, one after the other. */
    public synchronized List<Window> windows() {
        return List.copyOf(windows);
    }

    private static Duration longest(List<Window> windows) {
        return windows.stream().map(Window::longestGap).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Returns what was refused, and why. */
    public synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Returns the first failures and wrong answers. */
    public synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }
}
