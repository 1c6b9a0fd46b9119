package org.expertgrid.chaos.faults;

import org.expertgrid.cli.output.Output;

/**
 * Something that is to happen.
 *
 * @param kind what
 * @param victim to whom; of two victims, the first
 * @param seconds how long, where that matters
 */
public record Fault(FaultKind kind, Victim victim, int seconds) {
    @Override
    public String toString() {
        String duration = kind == FaultKind.PAUSE ? " for " + seconds + " s" : "";
        return Output.text(kind) + " " + Output.text(victim) + duration;
    }
}
