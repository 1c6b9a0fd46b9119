package org.expertgrid.chaos.load;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Samples of what forwards in this JVM were doing while an answer took long. A sample is the innermost method of Expertgrid on the stack of each thread
 * that has a forward under way, and the method that called it.
 *
 * <p>Safe for use by many threads.
 */
final class Waits {
    private static final int MOST_SAMPLES = 5_000;
    private static final int MOST_PLACES = 4;
    private static final String OURS = "org.expertgrid.";
    private static final String FORWARD = "org.expertgrid.cluster.TensorParallelMoe";
    private static final int FRAMES = 2;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanoTime, List<String> places) {}

    /** Takes a sample of all threads. */
    void sample() {
        List<String> places = Thread.getAllStackTraces().values().stream()
                .filter(Waits::isInForward)
                .map(Waits::place)
                .toList();
        add(System.nanoTime(), places.isEmpty() ? List.of("no forward under way") : places);
    }

    synchronized void add(long nanoTime, List<String> places) {
        samples.add(new Sample(nanoTime, places));
        if (samples.size() > MOST_SAMPLES) {
            samples.remove();
        }
    }

    private static boolean isInForward(StackTraceElement[] stack) {
        return Stream.of(stack).anyMatch(frame -> frame.getClassName().startsWith(FORWARD));
    }

    private static String place(StackTraceElement[] stack) {
        return Stream.of(stack)
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .limit(FRAMES)
                .map(frame -> frame.getClassName()
                                .substring(frame.getClassName().lastIndexOf('.') + 1) + "." + frame.getMethodName())
                .collect(Collectors.joining(" in "));
    }

    /** Returns the places of the samples since a moment, a {@link System#nanoTime}, the most frequent first, with the number of samples of each. */
    synchronized String since(long nanoTime) {
        Map<String, Long> counts = new LinkedHashMap<>();
        long slowest = 0;
        long before = 0;
        for (Sample sample : samples) {
            if (sample.nanoTime() - nanoTime >= 0) {
                sample.places().forEach(place -> counts.merge(place, 1L, Long::sum));
                slowest = before == 0 ? 0 : Math.max(slowest, sample.nanoTime() - before);
                before = sample.nanoTime();
            }
        }
        String places = counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_PLACES)
                .map(place -> place.getValue() + " x " + place.getKey())
                .collect(Collectors.joining(", "));
        return places.isEmpty()
                ? ""
                : places + "; longest time between two samples " + TimeUnit.NANOSECONDS.toMillis(slowest) + " ms";
    }
}
