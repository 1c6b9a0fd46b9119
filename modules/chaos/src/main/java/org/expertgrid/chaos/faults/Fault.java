package org.expertgrid.chaos.faults;

import org.expertgrid.cli.output.Output;

/**
 * One fault of a schedule.
 *
 * @param kind the kind of fault
 * @param victim the member that it hits, the first one of two
 * @param seconds how long a pause lasts; other kinds ignore it
 */
public record Fault(FaultKind kind, Victim victim, int seconds) {
    @Override
    public String toString() {
        String duration = kind == FaultKind.PAUSE ? " for " + seconds + " s" : "";
        return Output.text(kind) + " " + Output.text(victim) + duration;
    }
}
