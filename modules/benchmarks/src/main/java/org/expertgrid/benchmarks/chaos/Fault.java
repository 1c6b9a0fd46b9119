package org.expertgrid.benchmarks.chaos;

import org.expertgrid.benchmarks.layer.Example;

/**
 * Something that is to happen.
 *
 * @param kind what
 * @param victim to whom; of two victims, the first
 * @param seconds how long, where that matters
 */
record Fault(FaultKind kind, Victim victim, int seconds) {
    @Override
    public String toString() {
        String duration = kind == FaultKind.PAUSE ? " for " + seconds + " s" : "";
        return Example.name(kind) + " " + Example.name(victim) + duration;
    }
}
