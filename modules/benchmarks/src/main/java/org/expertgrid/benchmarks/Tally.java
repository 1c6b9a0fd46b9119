package org.expertgrid.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What callers went through: how many forwards, how many of them wrong or failed, and how long they waited during which fault.
 *
 * <p>Safe for use by many threads.
 */
final class Tally {
    private static final int FAILURES_KEPT = 20;

    private final Map<FaultKind, Duration> gaps = new EnumMap<>(FaultKind.class);
    private final List<Failure> failures = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private FaultKind during;
    private Duration longestUndisturbed = Duration.ZERO;
    private Duration longestGap = Duration.ZERO;
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
    record Failure(String who, FaultKind during, String what, Throwable thrown) {}

    /** From now on gaps are this fault's; nobody's where it is null. */
    synchronized void begin(FaultKind kind) {
        during = kind;
        if (kind != null) {
            gaps.putIfAbsent(kind, Duration.ZERO);
        }
    }

    /** Takes a forward that returned, so long after the same caller's last one. */
    synchronized void completed(String who, Duration gap, int wrong) {
        forwards++;
        wrongRows += wrong;
        if (wrong > 0) {
            keep(who, wrong + " wrong rows", null);
        }
        if (during == null) {
            longestUndisturbed = longer(longestUndisturbed, gap);
        } else {
            gaps.merge(during, gap, Tally::longer);
        }
        longestGap = longer(longestGap, gap);
    }

    /** Takes a forward that threw, or that does not return. */
    synchronized void failed(String who, String what, Throwable thrown) {
        failed++;
        keep(who, what, thrown);
    }

    /** Takes a deployment that was refused for a reason that it gives, as one may be while members are lost. */
    synchronized void refused(String who, Throwable thrown) {
        refusals.add(who + ": " + thrown.getMessage());
    }

    private void keep(String who, String what, Throwable thrown) {
        if (failures.size() < FAILURES_KEPT) {
            failures.add(new Failure(who, during, what, thrown));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    synchronized long forwards() {
        return forwards;
    }

    synchronized long wrongRows() {
        return wrongRows;
    }

    synchronized long failed() {
        return failed;
    }

    synchronized Duration longestGap() {
        return longestGap;
    }

    /** Returns the longest gap while nothing happened. */
    synchronized Duration longestUndisturbed() {
        return longestUndisturbed;
    }

    /** Returns the longest gap of any caller by the fault during which it ended. */
    synchronized Map<FaultKind, Duration> gaps() {
        return new EnumMap<>(gaps);
    }

    /** Returns what was refused, and why. */
    synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Returns the first failures and wrong answers. */
    synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }
}
