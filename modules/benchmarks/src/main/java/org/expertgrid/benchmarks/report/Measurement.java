package org.expertgrid.benchmarks.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * The measured turns of one subject.
 *
 * @param name the name of the subject
 * @param turns its turns, in which all callers called at the same time
 */
public record Measurement(String name, List<Turn> turns) {
    /**
     * One turn.
     *
     * @param nanos the time of each call
     * @param wallNanos the time of the whole turn, in which callers call at the same time
     * @param gauges the increase of each gauge during the turn
     */
    public record Turn(long[] nanos, long wallNanos, long[] gauges) {
        double perCall(int gauge) {
            return (double) gauges[gauge] / nanos.length;
        }

        double callsPerSecond() {
            return nanos.length * 1e9 / wallNanos;
        }
    }

    public Times times() {
        return Times.of(turns.stream().flatMapToLong(turn -> LongStream.of(turn.nanos())));
    }

    /** Returns the median over the turns of how much a gauge rose for each call. */
    public double perCall(int gauge) {
        return medianOverTurns(turn -> turn.perCall(gauge));
    }

    public double callsPerSecond() {
        return medianOverTurns(Turn::callsPerSecond);
    }

    private double medianOverTurns(ToDoubleFunction<Turn> number) {
        return Times.median(turns.stream().mapToDouble(number).toArray());
    }
}
